using PiLsp.Agents;

namespace PiLsp.Server.Accounts;

/// <summary>Storing a key by Pi's own sign-in: the first secret it asks for is the key; anything more is for the user. Any thread.</summary>
internal sealed class KeyDialog(string key, ISignInDialog user) : ISignInDialog
{
    private int _given;

    public Task<string?> PromptAsync(SignInPrompt prompt, CancellationToken cancellation) =>
        prompt.Kind == "secret" && Interlocked.Exchange(ref _given, 1) == 0 ? Task.FromResult<string?>(key) : user.PromptAsync(prompt, cancellation);

    public void Tell(SignInEvent happened) => user.Tell(happened);
}
