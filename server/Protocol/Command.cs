using System.Text.Json.Serialization.Metadata;

namespace PiLsp.Protocol;

/// <summary>One command of <c>workspace/executeCommand</c>: its name, and the records of its one argument and its result.</summary>
internal abstract record ServerCommand(string Name)
{
    public abstract JsonTypeInfo ArgumentInfo { get; }

    public abstract JsonTypeInfo ResultInfo { get; }
}

internal sealed record Command<TArgument, TResult>(string Name, JsonTypeInfo<TArgument> Argument, JsonTypeInfo<TResult> Result) : ServerCommand(Name)
    where TArgument : class
{
    public override JsonTypeInfo ArgumentInfo => Argument;

    public override JsonTypeInfo ResultInfo => Result;
}

/// <summary>What the server sends to a client beyond LSP.</summary>
internal abstract record ServerMessage(string Method)
{
    public abstract JsonTypeInfo ParamsInfo { get; }

    /// <summary>Null of a notification.</summary>
    public abstract JsonTypeInfo? ResultInfo { get; }
}

internal sealed record ServerNotification<TParams>(string Method, JsonTypeInfo<TParams> Params) : ServerMessage(Method)
{
    public override JsonTypeInfo ParamsInfo => Params;

    public override JsonTypeInfo? ResultInfo => null;
}

internal sealed record ServerRequest<TParams, TResult>(string Method, JsonTypeInfo<TParams> Params, JsonTypeInfo<TResult> Result) : ServerMessage(Method)
{
    public override JsonTypeInfo ParamsInfo => Params;

    public override JsonTypeInfo ResultInfo => Result;
}

/// <summary>A command without an argument of its own.</summary>
internal sealed record NoArgument;
