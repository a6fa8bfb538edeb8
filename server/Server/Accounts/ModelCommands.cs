using PiLsp.Agents;
using PiLsp.Protocol;
using PiLsp.Rpc;
using PiLsp.Server.Commands;
using PiLsp.Server.Questions;
using PiLsp.Server.Settings;
using PiLsp.Sessions;

namespace PiLsp.Server.Accounts;

/// <summary><c>pi.pickModel</c>, <c>pi.listModels</c>, <c>pi.setThinking</c>: Pi's own models and levels, never invented ones.</summary>
internal sealed class ModelCommands(
    ServerState state, SessionAccess desk, SettingsSync settings, AgentSetup setup, ModelPicker picker, Chooser chooser)
{
    public void Register(CommandRouter commands)
    {
        commands.On(WireCommands.PickModel, PickAsync);
        commands.On(WireCommands.ListModels, ListAsync);
        commands.On(WireCommands.SetThinking, SetThinkingAsync);
        commands.On(WireCommands.ListThinking, ListThinkingAsync);
    }

    private static AgentException WithoutModel(Availability known) => new(known.ToString()) { Next = known.Next };

    private async Task<ModelChoice> PickAsync(PickModelArgument argument, CancellationToken cancellation)
    {
        var (provider, model) = (argument.Provider, argument.Model);
        // Whoever is about to choose wants to see what there is by now.
        var (session, agent) = await StartedAsync(argument.SessionId, argument.Refresh == true || model is null, cancellation);
        if (model is null)
        {
            var sorted = await agent.SortModelsAsync(cancellation);
            if (sorted.Usable.Count == 0)
                throw WithoutModel(Availability.Of(sorted, agent.Accounts?.TerminalSignIn(null)));
            var models = provider is null ? sorted.Usable : [.. sorted.Usable.Where(m => m.Provider == provider)];
            var chosen = await picker.PickAsync(await GroupsAsync(session, agent, models, cancellation), provider, cancellation);
            (provider, model) = (chosen?.Provider, chosen?.Id);
        }
        else if (provider is null)
        {
            (provider, model) = await FullNameAsync(agent, model, cancellation);
        }

        var clamped = provider is not null && model is not null ? await SwitchAsync(session, agent, provider, model, cancellation) : null;
        var now = await agent.GetStateAsync(cancellation);
        session.Supervisor.Note(now);
        return new ModelChoice(now.Model?.Id, now.Model?.Provider, now.Thinking, clamped);
    }

    /// <summary>The level that was wanted stays in force where the new model has it.</summary>
    /// <returns>That level where the new model lacks it; the user is told.</returns>
    private static async Task<string?> SwitchAsync(AgentSession session, IAgent agent, string provider, string model, CancellationToken cancellation)
    {
        var wanted = session.Supervisor.WantedThinking ?? (await agent.GetStateAsync(cancellation)).Thinking;
        var chosen = await agent.SetModelAsync(provider, model, cancellation);
        session.Supervisor.WantedThinking = wanted;
        var now = (await agent.GetStateAsync(cancellation)).Thinking;
        if (now == wanted)
            return null;
        if ((await agent.ListThinkingLevelsAsync(cancellation)).Contains(wanted))
        {
            await agent.SetThinkingAsync(wanted, cancellation);
            return null;
        }

        session.Post(new AgentSaid(new AgentNotice(NoticeLevel.Warning, $"{chosen.Name} has no thinking level \"{wanted}\"; it is \"{now}\" now.")));
        return wanted;
    }

    private async Task<ListModelsResult> ListAsync(ListModelsArgument argument, CancellationToken cancellation)
    {
        var (session, agent) = await StartedAsync(argument.SessionId, argument.Refresh ?? false, cancellation);
        var (models, hidden) = await agent.SortModelsAsync(cancellation);
        var groups = await GroupsAsync(session, agent, models, cancellation);
        return new ListModelsResult(
            session.Supervisor.LastState?.Model?.FullId, [.. groups.Select(Reply)],
            hidden.Count == 0 ? null
                : [.. hidden.GroupBy(e => (e.Model.Provider, e.Reason)).Select(g => new HiddenModels(g.Key.Provider, g.Count(), g.Key.Reason))]);
    }

    private async Task<IReadOnlyList<ModelGroup>> GroupsAsync(
        AgentSession session, IAgent agent, IReadOnlyList<AgentModel> models, CancellationToken cancellation)
    {
        var now = await agent.GetStateAsync(cancellation);
        session.Supervisor.Note(now);
        var s = state.Settings;
        string?[] favoured = [now.Model?.FullId, s.Provider is null ? s.Model : $"{s.Provider}/{s.Model}"];
        return await ModelGroup.ReadAsync(agent, models, [.. favoured.OfType<string>()], setup.SourceOf, cancellation);
    }

    private async Task<Thinking> SetThinkingAsync(SetThinkingArgument argument, CancellationToken cancellation)
    {
        var (session, agent) = await StartedAsync(argument.SessionId, refresh: false, cancellation);
        var level = argument.Level ?? await ChooseLevelAsync(agent, cancellation);
        if (level is not null)
        {
            await agent.SetThinkingAsync(level, cancellation);
            session.Supervisor.WantedThinking = level;
        }

        return await ThinkingAsync(session, agent, cancellation);
    }

    private async Task<Thinking> ListThinkingAsync(SessionArgument argument, CancellationToken cancellation)
    {
        var (session, agent) = await StartedAsync(argument.SessionId, refresh: false, cancellation);
        return await ThinkingAsync(session, agent, cancellation);
    }

    /// <summary>Null when the user leaves it as it is.</summary>
    private async Task<string?> ChooseLevelAsync(IAgent agent, CancellationToken cancellation)
    {
        var now = (await agent.GetStateAsync(cancellation)).Thinking;
        var levels = await agent.ListThinkingLevelsAsync(cancellation);
        return await chooser.ChooseAsync(
            "How long may the model think?", [.. levels.Select(level => new PickItem(level, level, level == now ? "current" : null))], cancellation);
    }

    private static async Task<Thinking> ThinkingAsync(AgentSession session, IAgent agent, CancellationToken cancellation)
    {
        var now = await agent.GetStateAsync(cancellation);
        session.Supervisor.Note(now);
        return new Thinking(now.Thinking, await agent.ListThinkingLevelsAsync(cancellation));
    }

    private async Task<(AgentSession Session, IAgent Agent)> StartedAsync(string? sessionId, bool refresh, CancellationToken cancellation)
    {
        var session = desk.Session(sessionId);
        await settings.ReadyAsync();
        var agent = await session.Supervisor.StartedAsync(cancellation);
        if (refresh && agent.Accounts is { } accounts)
            await accounts.RefreshAsync(cancellation);
        return (session, agent);
    }

    private static ModelGroupReply Reply(ModelGroup group) => new(
        group.Provider, group.Name, group.Source,
        [.. group.Models.Select(e => new Model(
            e.Model.Id, e.Model.Name, e.Model.Reasoning, e.Model.ContextWindow, e.Model.Input,
            new ModelCost(e.Model.InputCost, e.Model.OutputCost), e.Primary))]);

    /// <summary><c>provider/id</c>, or an id that only one provider has.</summary>
    private static async Task<(string Provider, string Model)> FullNameAsync(IAgent agent, string name, CancellationToken cancellation)
    {
        var models = await agent.ListModelsAsync(cancellation);
        var matches = models.Where(m => m.FullId == name || m.Id == name).ToList();
        return matches switch
        {
            [var one] => (one.Provider, one.Id),
            [] when name.Split('/', 2) is [var provider, var id] => (provider, id),
            [] => throw await UnknownAsync(agent, name, cancellation),
            _ => throw new RpcException(
                RpcErrorCodes.RequestFailed, $"\"{name}\" is a model of {string.Join(", ", matches.Select(m => m.Provider))}; say which with \"provider\"."),
        };
    }

    private static async Task<RpcException> UnknownAsync(IAgent agent, string name, CancellationToken cancellation)
    {
        var (_, hidden) = await agent.SortModelsAsync(cancellation);
        return new RpcException(RpcErrorCodes.RequestFailed, hidden.FirstOrDefault(e => e.Model.Id == name) is { Model: { } model, Reason: var reason }
            ? $"{model.FullId} is not used: {reason}."
            : $"Pi has no model \"{name}\"; look in the list of those it has.");
    }
}
