using PiLsp.Agents;

namespace PiLsp.Server.Accounts;

/// <summary>Makes agents of which the availability hears: how each start went, and what came of it where credentials were missing.</summary>
internal sealed class WatchedAgents(IAgentFactory inner, Action<AvailabilityMessage> note) : IAgentFactory
{
    public ISessionStore Sessions => inner.Sessions;

    public IAgent Create(AgentOptions options) => new WatchedAgent(inner.Create(options), note);

    private sealed class WatchedAgent(IAgent inner, Action<AvailabilityMessage> note) : AgentDecorator(inner)
    {
        public override async Task<AgentState> StartAsync(CancellationToken cancellation)
        {
            note(new StartBegan());
            try
            {
                var state = await base.StartAsync(cancellation);
                note(new StartSucceeded(state.Model is not null, Accounts?.TerminalSignIn(null), Gate?.ConfigProblem));
                return state;
            }
            catch (Exception e)
            {
                note(e is AgentException reason ? new StartFailed(reason) : new StartGivenUp());
                throw;
            }
        }

        public override async Task<PromptFate> PromptAsync(AgentPrompt prompt, PromptDelivery delivery, CancellationToken cancellation)
        {
            PromptFate fate;
            try
            {
                fate = await base.PromptAsync(prompt, delivery, cancellation);
            }
            catch (AgentException refused) when (refused.State is AvailabilityState.NoCredentials or AvailabilityState.ConfigBroken)
            {
                // What the refusal advises may have been done since, in a terminal: nobody would tell us.
                if (!await CredentialsCameAsync(cancellation))
                    throw;
                fate = await base.PromptAsync(prompt, delivery, cancellation);
            }

            // What an extension deals with needs no model.
            if (fate != PromptFate.Handled)
                note(new PromptTaken());
            return fate;
        }

        private async Task<bool> CredentialsCameAsync(CancellationToken cancellation)
        {
            if (Accounts is not { } accounts)
                return false;
            await accounts.RefreshAsync(cancellation);
            var models = await SortModelsAsync(cancellation);
            note(new ModelsSeen(models, this));
            if (models.Usable.Count == 0)
                return false;
            if ((await GetStateAsync(cancellation)).Model is { } model)
                return models.Usable.Any(m => m.FullId == model.FullId);
            // An agent chooses its model when it starts: another one will, with the credentials and settings there are now.
            await DisposeAsync();
            throw new AgentGoneException(new AgentException("Pi was started again, because it has credentials now."));
        }
    }
}
