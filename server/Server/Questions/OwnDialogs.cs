using PiLsp.Agents;
using PiLsp.Protocol;
using PiLsp.Rpc;

namespace PiLsp.Server.Questions;

/// <summary>The client's own picker and text field, which get nothing but what is fit to be shown. Any thread.</summary>
internal static class OwnDialogs
{
    public static Task<PickResult?> PickAsync(
        this RpcConnection rpc, string title, IReadOnlyList<PickItem> items, CancellationToken cancellation, string? sessionId = null) =>
        rpc.RequestAsync(WireMessages.Pick, new PickParams(ShownText.Visible(title), [.. items.Select(Shown)], sessionId), cancellation);

    public static Task<InputResult?> InputAsync(this RpcConnection rpc, InputParams asked, CancellationToken cancellation) => rpc.RequestAsync(
        WireMessages.Input,
        asked with { Title = ShownText.Visible(asked.Title), Placeholder = asked.Placeholder is { } words ? ShownText.OnOneLine(words) : null },
        cancellation);

    public static PickItem Shown(PickItem item) => item with
    {
        Label = ShownText.OnOneLine(item.Label),
        Detail = item.Detail is { } detail ? ShownText.OnOneLine(detail) : null,
        Group = item.Group is { } group ? ShownText.OnOneLine(group) : null,
    };
}
