using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Faces;
using PiLsp.Lsp;
using PiLsp.Protocol;
using PiLsp.Rpc;

namespace PiLsp.Server.Commands;

/// <summary>
/// <c>workspace/executeCommand</c>: finds the command, hands over its argument, turns what went wrong into an
/// error that a user can act on. A command's synchronous part runs on the ordered loop, its tail does not hold it up.
/// </summary>
internal sealed class CommandRouter
{
    private readonly Dictionary<string, Delegate> _handlers = [];
    private readonly Dictionary<string, Func<IReadOnlyList<JsonElement>?, CancellationToken, Task<JsonElement>>> _commands = [];

    public void On<TArgument, TResult>(Command<TArgument, TResult> command, Func<TArgument, CancellationToken, Task<TResult>> handler)
        where TArgument : class
    {
        _handlers.Add(command.Name, handler);
        _commands.Add(command.Name, async (arguments, cancellation) =>
            JsonSerializer.SerializeToElement(await InvokeAsync(command, ArgumentReader.Read(command.Argument, arguments), cancellation), command.Result));
    }

    /// <summary>One of our own commands carried out for another one. On the ordered loop.</summary>
    public async Task<TResult> InvokeAsync<TArgument, TResult>(Command<TArgument, TResult> command, TArgument argument, CancellationToken cancellation)
        where TArgument : class
    {
        try
        {
            return await ((Func<TArgument, CancellationToken, Task<TResult>>)_handlers[command.Name])(argument, cancellation);
        }
        catch (WrongArgumentException e)
        {
            throw new RpcException(RpcErrorCodes.InvalidParams, $"{command.Name}: {e.Message}", inner: e);
        }
    }

    /// <summary>The command as a code action or a lens names it.</summary>
    public static Command Call<TArgument, TResult>(string title, Command<TArgument, TResult> command, TArgument argument) where TArgument : class =>
        new(title, command.Name, [JsonSerializer.SerializeToElement(argument, command.Argument)]);

    public void Register(RpcRouter router) => router.OnRequestAsync(
        "workspace/executeCommand", LspJson.Default.ExecuteCommandParams, LspJson.Default.JsonElement, ExecuteAsync, evenCancelled: true);

    private async Task<JsonElement> ExecuteAsync(ExecuteCommandParams? p, CancellationToken cancellation)
    {
        if (p is null || !_commands.TryGetValue(p.Command, out var command))
        {
            var names = string.Join(", ", WireCommands.All.Select(c => c.Name));
            throw new RpcException(RpcErrorCodes.InvalidParams, $"There is no command \"{p?.Command}\". This server has: {names}.");
        }

        // A cancelled prompt has a result like any other that was stopped.
        if (p.Command != WireCommands.Ask.Name)
            cancellation.ThrowIfCancellationRequested();
        try
        {
            return await command(p.Arguments, cancellation);
        }
        catch (WrongArgumentException e)
        {
            throw new RpcException(RpcErrorCodes.InvalidParams, $"{p.Command}: {ShownText.Told(e.Message)}", inner: e);
        }
        catch (AgentException e)
        {
            throw new RpcException(RpcErrorCodes.RequestFailed, ShownText.Told(e.Message), Wire.ErrorData(e.Next), e);
        }
        catch (RpcException e) when (ShownText.Told(e.Message) is var told && told != e.Message)
        {
            throw new RpcException(e.Code, told, e.ErrorData as JsonElement?, e);
        }
    }
}
