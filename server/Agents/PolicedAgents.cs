namespace PiLsp.Agents;

/// <summary>What tells which of some models may be used. Any thread.</summary>
internal interface IModelRules
{
    /// <returns>For one of these models: null, or why it may not be used.</returns>
    ValueTask<Func<AgentModel, string?>> JudgeAsync(IReadOnlyList<AgentModel> models, CancellationToken cancellation);
}

/// <summary>Makes agents that use only what the rules allow, whichever way a model is named or came to be set.</summary>
internal sealed class PolicedAgents(IAgentFactory inner, IModelRules rules) : IAgentFactory
{
    public ISessionStore Sessions => inner.Sessions;

    public IAgent Create(AgentOptions options) => new PolicedAgent(inner.Create(options), options, rules);
}

/// <summary>An agent whose models are hidden and refused by rules. Any thread.</summary>
internal sealed class PolicedAgent : AgentDecorator
{
    private readonly AgentOptions _options;
    private readonly IModelRules _rules;

    public PolicedAgent(IAgent inner, AgentOptions options, IModelRules rules) : base(inner)
    {
        (_options, _rules) = (options, rules);
        // The model that is set need not be the one that answers: each message is judged by what it says it comes from.
        Outputs = new JudgedOutputs(inner.Outputs, WhyRefusedAsync);
    }

    public override AgentOutputs Outputs { get; }

    public override async Task<AgentState> StartAsync(CancellationToken cancellation)
    {
        var state = await base.StartAsync(cancellation);
        // What the user set for the start is refused at the start; what came to be set otherwise, at the first prompt.
        if ((_options.Provider ?? _options.Model) is null || state.Model is not { } model || await WhyNotAsync(model, cancellation) is not { } reason)
            return state;
        // Of a provider, any other will do.
        if (_options.Model is null && (await ListModelsAsync(cancellation)).Where(m => m.Provider == model.Provider).ToList() is { Count: > 0 } others)
        {
            await SetModelAsync(model.Provider, ModelRanking.Arrange(others, [])[0].Model.Id, cancellation);
            return await GetStateAsync(cancellation);
        }

        await DisposeAsync();
        throw Refused(model.FullId, reason);
    }

    /// <summary>An extension of the agent may have changed the model since it was set. Where the agent checks, no later prompt overtakes this one.</summary>
    public override async Task<PromptFate> PromptAsync(AgentPrompt prompt, PromptDelivery delivery, CancellationToken cancellation)
    {
        async ValueTask Check(AgentState state, CancellationToken token)
        {
            await CheckModelAsync(state, token);
            if (prompt.Check is { } next)
                await next(state, token);
        }

        return await base.PromptAsync(prompt with { Check = Check }, delivery, cancellation);
    }

    /// <summary>The model in force writes the summary.</summary>
    public override async Task<Compaction> CompactAsync(string? instructions, CancellationToken cancellation)
    {
        await CheckModelAsync(await GetStateAsync(cancellation), cancellation);
        return await base.CompactAsync(instructions, cancellation);
    }

    public override async Task<IReadOnlyList<AgentModel>> ListModelsAsync(CancellationToken cancellation) => (await SortModelsAsync(cancellation)).Usable;

    public override async Task<SortedModels> SortModelsAsync(CancellationToken cancellation)
    {
        var models = await base.ListModelsAsync(cancellation);
        var whyNot = await _rules.JudgeAsync(models, cancellation);
        var judged = models.Select(m => (Model: m, Reason: whyNot(m))).ToList();
        return new SortedModels(
            [.. judged.Where(e => e.Reason is null).Select(e => e.Model)], [.. judged.Where(e => e.Reason is not null).Select(e => (e.Model, e.Reason!))])
        {
            ConfigProblem = Gate?.ConfigProblem,
        };
    }

    public override async Task<AgentModel> SetModelAsync(string provider, string modelId, CancellationToken cancellation)
    {
        var named = Named(provider, modelId);
        return await WhyNotAsync(named, cancellation) is { } reason ? throw Refused(named.FullId, reason)
            : await base.SetModelAsync(provider, modelId, cancellation);
    }

    /// <summary>A rule that cannot be looked at allows nothing.</summary>
    private async ValueTask<string?> WhyRefusedAsync(ModelAnswer from)
    {
        try
        {
            return await WhyNotAsync(Named(from.Provider, from.Model), CancellationToken.None);
        }
        catch (Exception e)
        {
            return $"whether it may be used could not be found out ({e.Message})";
        }
    }

    private static AgentModel Named(string provider, string modelId) => new(provider, modelId, modelId, false, 0, [], 0, 0);

    private async ValueTask CheckModelAsync(AgentState state, CancellationToken cancellation)
    {
        if (state.Model is { } model && await WhyNotAsync(model, cancellation) is { } reason)
            throw Refused(model.FullId, reason);
    }

    private async ValueTask<string?> WhyNotAsync(AgentModel model, CancellationToken cancellation) => (await _rules.JudgeAsync([model], cancellation))(model);

    private static AgentException Refused(string model, string reason) =>
        new($"{model} is not used: {reason}. Choose another model.") { Next = Remedy.PickModel };
}
