using PiLsp.Agents;
using PiLsp.Edits;

namespace PiLsp.Sessions;

// How a prompt gets to the agent, and how a run is stopped.
internal sealed partial class AgentSession
{
    /// <summary>In the order of the calls: what is said into a run must not get there before the prompt that begins it.</summary>
    private async Task PromptAsync(SendPrompt prompt, CancellationToken cancellation)
    {
        using var turn = _prompts.Take("");
        try
        {
            await turn.ComesAsync(cancellation);
            if (_supervisor.TakeLost() is { } lost)
                Tell($"{lost} was deleted while Pi did not run: Pi begins a new conversation here and knows nothing of the one before. One that was " +
                    "deleted from an editor can be restored.");
            var agent = await _supervisor.StartedAsync(cancellation);
            var sent = new AgentPrompt(prompt.Text, prompt.Images)
            {
                // It has its place: the agent takes prompts in the order in which they come this far.
                Check = (_, _) =>
                {
                    turn.Dispose();
                    return default;
                },
            };
            PromptFate fate;
            try
            {
                fate = await agent.PromptAsync(sent, prompt.Delivery, cancellation);
            }
            catch (AgentGoneException)
            {
                // It died between two prompts and nobody had noticed; once, a new one takes its place.
                _supervisor.Vacate(agent);
                agent = await _supervisor.StartedAsync(cancellation);
                fate = await agent.PromptAsync(sent with { MayBeBehind = true }, prompt.Delivery, cancellation);
            }
            catch (AgentBehindException)
            {
                agent = await CaughtUpAsync(agent, cancellation);
                fate = await agent.PromptAsync(sent with { MayBeBehind = true }, prompt.Delivery, cancellation);
            }

            // What an extension said and showed in dealing with it belongs before the answer that it has.
            if (fate == PromptFate.Handled)
                await Task.WhenAny(agent.HandledAsync(), agent.Outputs.Completion).WaitAsync(cancellation);
            Post(new PromptAccepted(prompt.AskId, fate != PromptFate.Handled, _supervisor.Generation) { Queued = fate == PromptFate.Queued });
        }
        catch (Exception e)
        {
            Post(new PromptFailed(prompt.AskId, e is OperationCanceledException ? "stopped before the prompt was sent" : e.Message)
            {
                Next = (e as AgentException)?.Next ?? [],
            });
        }
    }

    /// <summary>An agent that knows the whole conversation, also what a terminal or another editor has added to it.</summary>
    private async Task<IAgent> CaughtUpAsync(IAgent agent, CancellationToken cancellation)
    {
        // Something waits for this very agent.
        if (State is not { Shell: null, SignIns: 0 } state || state.Proposals.Any(p => p.Status == ProposalStatus.Open))
        {
            Tell("This conversation was continued elsewhere, in a terminal or another editor; Pi goes on here without that. Resume the session to see both.");
            return agent;
        }

        await _supervisor.SleepAsync();
        var next = await _supervisor.StartedAsync(cancellation);
        Tell("This conversation was continued elsewhere, in a terminal or another editor; Pi has read it again and goes on from there.");
        return next;
    }

    private void Tell(string text) => Post(new AgentSaid(new AgentNotice(NoticeLevel.Warning, text)));

    private async Task AbortAsync()
    {
        try
        {
            Post(new AgentAborted(await _supervisor.AbortAsync(_closing.Token)));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Post(new AbortFailed(e.Message));
        }
    }
}
