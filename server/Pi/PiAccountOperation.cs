using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Json;

namespace PiLsp.Pi;

/// <summary>One operation on Pi's credentials that is under way: puts Pi's prompts to the user, ends with Pi's last word. Any thread.</summary>
/// <param name="dialog">Null for what asks nothing.</param>
/// <param name="answer">Answers one message of the gate.</param>
internal sealed class PiAccountOperation(ISignInDialog? dialog, Action<string, Action<Utf8JsonWriter>> answer, CancellationToken cancellation) : IDisposable
{
    private readonly TaskCompletionSource<JsonElement> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

    /// <summary>Pi's result; fails with its reason.</summary>
    public Task<JsonElement> Outcome => _outcome.Task;

    public void Fail(string reason) => _outcome.TrySetException(new AgentException(reason));

    /// <param name="requestId">Of the dialog that Pi waits in.</param>
    public void Receive(string requestId, JsonElement body)
    {
        switch (body.Text("step"))
        {
            case "prompt" when dialog is not null && body.Child("prompt") is { } prompt:
                _ = PromptAsync(requestId, dialog, ReadPrompt(prompt));
                return;
            case "event" when body.Child("event") is { } happened:
                if (ReadEvent(happened) is { } news) dialog?.Tell(news);
                break;
            case "done":
                _outcome.TrySetResult(body.Child("result")?.Clone() ?? JsonElement.Parse("{}"u8));
                break;
            case "failed":
                Fail(body.Text("message") is { Length: > 0 } message ? message : "Pi could not do it and did not say why.");
                break;
        }

        answer(requestId, static _ => { });
    }

    /// <summary>Whoever was asked for this is asked no more.</summary>
    public void Dispose()
    {
        _over.Cancel();
        _over.Dispose();
    }

    private async Task PromptAsync(string requestId, ISignInDialog user, SignInPrompt prompt)
    {
        string? value = null;
        try
        {
            value = await user.PromptAsync(prompt, _over.Token);
        }
        catch (OperationCanceledException)
        {
            // Given up, or not needed any more; an answer without a value says so.
        }
        catch (Exception error)
        {
            Fail(error.Message);
        }

        answer(requestId, writer =>
        {
            if (value is not null) writer.WriteString("value"u8, value);
        });
    }

    private static SignInPrompt ReadPrompt(JsonElement prompt) => new(
        prompt.Text("type") ?? "text", prompt.Text("message") ?? "", prompt.Text("placeholder"),
        [.. prompt.Items("options").Where(option => option.Text("id") is not null)
            .Select(option => new SignInOption(option.Text("id")!, option.Text("label") ?? option.Text("id")!, option.Text("description")))]);

    private static SignInEvent? ReadEvent(JsonElement happened) => (happened.Text("type"), happened.Text("url"), happened.Text("message")) switch
    {
        ("auth_url", { } url, _) => new SignInAddress(url, happened.Text("instructions")),
        ("device_code", _, _) when happened.Text("userCode") is { } code && happened.Text("verificationUri") is { } uri => new SignInCode(code, uri),
        ("info" or "progress", _, { } message) => new SignInNews(message),
        _ => null,
    };
}
