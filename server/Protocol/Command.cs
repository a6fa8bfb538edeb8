using System.Text.Json.Serialization.Metadata;

namespace PiLsp.Protocol;

/// <summary>One command of <c>workspace/executeCommand</c>: its name, and the records of its one argument and its result.</summary>
internal abstract class ServerCommand(string name)
{
    public string Name { get; } = name;

    public abstract JsonTypeInfo ArgumentInfo { get; }

    public abstract JsonTypeInfo ResultInfo { get; }
}

/// <summary>The contracts are made when they are first used: what <c>initialize</c> offers are names.</summary>
internal sealed class Command<TArgument, TResult>(string name, Func<JsonTypeInfo<TArgument>> argument, Func<JsonTypeInfo<TResult>> result)
    : ServerCommand(name)
    where TArgument : class
{
    public JsonTypeInfo<TArgument> Argument => argument();

    public JsonTypeInfo<TResult> Result => result();

    public override JsonTypeInfo ArgumentInfo => Argument;

    public override JsonTypeInfo ResultInfo => Result;
}

/// <summary>What the server sends to a client beyond LSP.</summary>
internal abstract class ServerMessage(string method)
{
    public string Method { get; } = method;

    public abstract JsonTypeInfo ParamsInfo { get; }

    /// <summary>Null of a notification.</summary>
    public abstract JsonTypeInfo? ResultInfo { get; }
}

internal sealed class ServerNotification<TParams>(string method, Func<JsonTypeInfo<TParams>> parameters) : ServerMessage(method)
{
    public JsonTypeInfo<TParams> Params => parameters();

    public override JsonTypeInfo ParamsInfo => Params;

    public override JsonTypeInfo? ResultInfo => null;
}

internal sealed class ServerRequest<TParams, TResult>(string method, Func<JsonTypeInfo<TParams>> parameters, Func<JsonTypeInfo<TResult>> result)
    : ServerMessage(method)
{
    public JsonTypeInfo<TParams> Params => parameters();

    public JsonTypeInfo<TResult> Result => result();

    public override JsonTypeInfo ParamsInfo => Params;

    public override JsonTypeInfo ResultInfo => Result;
}

/// <summary>A command without an argument of its own.</summary>
internal sealed record NoArgument;
