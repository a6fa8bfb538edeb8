using PiLsp.Agents;

namespace PiLsp.Server.Accounts;

/// <summary>The policy of the settings, with what it depends on outside. Any thread.</summary>
/// <param name="claudeStatus">What <c>claude auth status</c> says here; null where there is no such program, or no answer in time.</param>
internal sealed class ModelRules(ServerState state, Func<CancellationToken, Task<string?>> claudeStatus, TimeProvider time) : IModelRules
{
    /// <summary>Signing in and out is seldom; asking starts a process.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private Look? _last;

    public async ValueTask<Func<AgentModel, string?>> JudgeAsync(IReadOnlyList<AgentModel> models, CancellationToken cancellation)
    {
        var policy = state.Settings.ModelPolicy;
        var signedIn = models.Any(policy.DependsOnClaude) && await ClaudeIsSignedInAsync(cancellation);
        return model => policy.WhyNot(model, signedIn);
    }

    private async Task<bool> ClaudeIsSignedInAsync(CancellationToken cancellation)
    {
        var look = Volatile.Read(ref _last);
        if (look is null || time.GetElapsedTime(look.At) > Fresh)
        {
            // Of several who find nothing fresh, one asks.
            var fresh = new Look(time.GetTimestamp(), new Lazy<Task<bool>>(AskAsync));
            var other = Interlocked.CompareExchange(ref _last, fresh, look);
            look = other == look ? fresh : other!;
        }

        return await look.Answer.Value.WaitAsync(cancellation);
    }

    private async Task<bool> AskAsync() => (await claudeStatus(CancellationToken.None))?.Contains("oauth_token", StringComparison.Ordinal) == true;

    private sealed record Look(long At, Lazy<Task<bool>> Answer);
}
