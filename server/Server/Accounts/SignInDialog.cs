using PiLsp.Agents;
using PiLsp.Lsp;
using PiLsp.Protocol;
using PiLsp.Rpc;
using PiLsp.Server.Questions;

namespace PiLsp.Server.Accounts;

/// <summary>
/// The user during one sign-in: addresses are opened and codes shown, by the client itself where it can
/// (<c>experimental.pi.signIn</c>); prompts are answered by what the command brought along, then by the user. Any thread.
/// </summary>
/// <param name="terminalSignIn">How the user would do it in a terminal, as the end of a sentence.</param>
/// <param name="answers">Given in advance, used in order: an option's id, a text.</param>
internal sealed class SignInDialog(
    ServerState state, RpcConnection rpc, QuestionQueue questions, TextInput input, AgentProvider provider, string terminalSignIn,
    IEnumerable<string> answers, Action<string> progress)
    : ISignInDialog
{
    private readonly Queue<string> _answers = new(answers);

    public async Task<string?> PromptAsync(SignInPrompt prompt, CancellationToken cancellation)
    {
        var value = await AnswerAsync(prompt, cancellation);
        if (value is not null && prompt.Kind is ("secret" or "manual_code"))
            Redaction.Remember(value);
        return value;
    }

    private async Task<string?> AnswerAsync(SignInPrompt prompt, CancellationToken cancellation)
    {
        if (_answers.TryDequeue(out var given))
            return prompt.Kind != "select" || prompt.Options.Any(o => o.Id == given) ? given
                : throw new AgentException($"\"{given}\" is none of {string.Join(", ", prompt.Options.Select(o => o.Id))}.");
        if (prompt.Kind == "select")
            return await SelectAsync(prompt, cancellation);
        if (input.IsPossible)
            return await input.AskAsync($"{provider.Name}: {prompt.Message}", prompt.Placeholder, prompt.Kind == "secret", cancellation);
        // The browser usually says by itself what would be typed in here.
        if (prompt.Kind == "manual_code")
            await new TaskCompletionSource().Task.WaitAsync(cancellation);
        throw new AgentException(
            $"Pi asks \"{prompt.Message}\", and this editor cannot ask for a text. Give it with \"answers\", or {terminalSignIn}.");
    }

    public void Tell(SignInEvent happened)
    {
        switch (happened)
        {
            case SignInAddress { Url: var url, Instructions: var instructions }:
                Show("address", url, null, $"to sign in to {provider.Name}, open {url} in a browser. {instructions}".TrimEnd());
                break;
            case SignInCode { Url: var url, Code: var code }:
                Show("code", url, code, $"to sign in to {provider.Name}, enter the code {code} at {url}");
                break;
            case SignInNews { Message: var message }:
                Notify("progress", null, null, message);
                progress(message);
                break;
            case SignInOver:
                Notify("ended", null, null, null);
                break;
        }
    }

    private void Show(string kind, string url, string? code, string message)
    {
        // Nothing but a page is opened, whatever a provider answers.
        var page = Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri.AbsoluteUri : null;
        progress(code is null ? "waiting for the browser" : $"code {code} at {url}");
        if (state.Capabilities.SignIn)
        {
            Notify(kind, page, code, message);
            return;
        }

        rpc.Tell(MessageType.Info, $"Pi: {message}");
        if (page is not null && state.Capabilities.ShowDocument)
            _ = OpenAsync(page);
    }

    private async Task OpenAsync(string page)
    {
        try
        {
            await rpc.RequestAsync(
                "window/showDocument", new ShowDocumentParams(page, External: true, TakeFocus: null, Selection: null),
                LspJson.Default.ShowDocumentParams, LspJson.Default.ShowDocumentResult, CancellationToken.None);
        }
        catch (Exception e) when (e is RpcException or RpcConnectionClosedException)
        {
            // The message says the address, too.
        }
    }

    private void Notify(string kind, string? url, string? code, string? message)
    {
        if (state.Capabilities.SignIn)
            rpc.Notify(WireMessages.SignIn, new SignInParams(provider.Id, kind, url, code, message));
    }

    private async Task<string?> SelectAsync(SignInPrompt prompt, CancellationToken cancellation)
    {
        if (state.Capabilities.Pick)
        {
            var items = prompt.Options.Select(o => new PickItem(o.Id, o.Label, o.Description)).ToList();
            return (await rpc.PickAsync(prompt.Message, items, cancellation))?.Id;
        }

        if (!state.CanAskByMessage)
            throw new AgentException(
                $"Pi asks \"{prompt.Message}\", and this editor cannot show a choice. Give one of {string.Join(", ", prompt.Options.Select(o => o.Id))} with " +
                    "\"answers\".");
        var chosen = await questions.ChooseAsync($"Pi: {prompt.Message}", [.. prompt.Options.Select(o => o.Label)], cancellation);
        return prompt.Options.FirstOrDefault(o => o.Label == chosen)?.Id;
    }
}
