using System.Globalization;
using PiLsp.Agents;
using PiLsp.Protocol;
using PiLsp.Rpc;
using PiLsp.Server.Questions;

namespace PiLsp.Server.Accounts;

/// <summary>
/// Lets the user pick a model: in the client's own picker, which gets them all and which of them to show first, else by
/// message requests: the provider, then its few first models, then all of them a page at a time.
/// </summary>
internal sealed class ModelPicker(ServerState state, RpcConnection rpc, QuestionQueue questions)
{
    private const int PageSize = 8;
    private const string More = "More…";
    private const string ShowAll = "Show all…";

    /// <summary>Null when the user picks none.</summary>
    /// <param name="provider">The one that the groups were narrowed to.</param>
    public async Task<AgentModel?> PickAsync(IReadOnlyList<ModelGroup> groups, string? provider, CancellationToken cancellation)
    {
        if (groups.Count == 0)
            throw new RpcException(RpcErrorCodes.RequestFailed, $"Pi has no model of \"{provider}\" that can be used.");
        if (state.Capabilities.Pick)
        {
            var items = groups.SelectMany(g => g.Models.Select(e => new PickItem(e.Model.FullId, e.Model.Name, Detail(e.Model), g.Name, e.Primary))).ToList();
            var picked = await rpc.PickAsync("Model", items, cancellation);
            return groups.SelectMany(g => g.Models).Select(e => e.Model).FirstOrDefault(m => m.FullId == picked?.Id);
        }

        if (!state.CanAskByMessage)
            throw new RpcException(RpcErrorCodes.RequestFailed, "This editor cannot show a choice; name the model: {\"provider\": …, \"model\": …}.");
        var titles = groups.Select(g => groups.Count(other => other.Name == g.Name) == 1 ? g.Name : $"{g.Name} ({g.Provider})").ToList();
        var title = titles is [var only] ? only : await ChooseAsync("Pi: which provider?", titles, cancellation);
        if (title is null)
            return null;
        var group = groups[titles.IndexOf(title)];
        var id = await ChooseModelAsync(group, cancellation);
        return group.Models.Select(e => e.Model).FirstOrDefault(m => m.Id == id);
    }

    private async Task<string?> ChooseModelAsync(ModelGroup group, CancellationToken cancellation)
    {
        var question = $"Pi: which model of {group.Name}?";
        var all = group.Models.Select(e => e.Model.Id).ToList();
        if (all.Count <= PageSize)
            return await questions.ChooseAsync(question, all, cancellation);
        var first = await questions.ChooseAsync(question, [.. group.Models.Where(e => e.Primary).Select(e => e.Model.Id), ShowAll], cancellation);
        return first == ShowAll ? await ChooseAsync(question, [.. all.Order(StringComparer.OrdinalIgnoreCase)], cancellation) : first;
    }

    private async Task<string?> ChooseAsync(string message, IReadOnlyList<string> choices, CancellationToken cancellation)
    {
        for (var at = 0; ; at += PageSize)
        {
            var page = choices.Skip(at).Take(PageSize).ToList();
            var more = at + PageSize < choices.Count;
            var answer = await questions.ChooseAsync(message, more ? [.. page, More] : page, cancellation);
            if (answer != More || !more)
                return answer;
        }
    }

    private static string Detail(AgentModel model)
    {
        var parts = new List<string> { model.Id };
        if (model.ContextWindow > 0)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{model.ContextWindow / 1000}k context"));
        if (model.Reasoning)
            parts.Add("thinks");
        if (model.InputCost > 0 || model.OutputCost > 0)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"${model.InputCost:0.##}/${model.OutputCost:0.##} per million tokens"));
        return string.Join(" · ", parts);
    }
}
