using PiLsp.Agents;
using PiLsp.Protocol;
using PiLsp.Rpc;

namespace PiLsp.Server.Questions;

/// <summary>Lets the user choose one of some things: in the client's own picker, else by message requests, a page at a time.</summary>
internal sealed class Chooser(ServerState state, RpcConnection rpc, QuestionQueue questions)
{
    private const int PageSize = 8;
    private const string More = "More…";

    /// <summary>Null when the user chooses none.</summary>
    public async Task<string?> ChooseAsync(string title, IReadOnlyList<PickItem> items, CancellationToken cancellation)
    {
        if (state.Capabilities.Pick)
        {
            var picked = await rpc.PickAsync(title, items, cancellation);
            return items.FirstOrDefault(i => i.Id == picked?.Id)?.Id;
        }

        if (!state.CanAskByMessage)
            throw new RpcException(RpcErrorCodes.RequestFailed, "This editor cannot show a choice; name what you want behind the command.");
        // A message's actions are told apart by their titles alone.
        var labels = items.Select(item => ShownText.OnOneLine(item.Label)).ToList();
        labels = labels.Select((label, i) => labels.IndexOf(label) < i ? $"{label} ({i + 1})" : label).ToList();
        for (var at = 0; ; at += PageSize)
        {
            var page = labels.Skip(at).Take(PageSize).ToList();
            var more = at + PageSize < labels.Count;
            var answer = await questions.ChooseAsync(title, more ? [.. page, More] : page, cancellation);
            if (answer != More || !more)
                return answer is null ? null : items.ElementAtOrDefault(labels.IndexOf(answer))?.Id;
        }
    }
}
