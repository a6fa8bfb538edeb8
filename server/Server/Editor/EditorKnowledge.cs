using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Faces;
using PiLsp.Json;
using PiLsp.Lsp;
using PiLsp.Protocol;
using PiLsp.Rpc;
using PiLsp.Workspace;

namespace PiLsp.Server.Editor;

/// <summary>
/// What the user's other language servers know, asked through the client (docs/protocol.md, "The editor's knowledge")
/// and put into words for the model. Safe from any thread.
/// </summary>
internal sealed class EditorKnowledge(ServerState state, RpcConnection rpc, ReadGuard reads, TimeProvider time)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    /// <summary>How long a client may wait for its language servers to look at a fresh edit.</summary>
    private const int FreshWaitMs = 3000;

    /// <summary>Buffers that Pi has changed and nobody has asked about since, by path key.</summary>
    private readonly ConcurrentDictionary<string, bool> _fresh = new();

    public void EditLanded(string path) => _fresh[WorkspacePath.KeyOf(path)] = true;

    /// <summary>The problems of one file; null where nobody knows.</summary>
    public async Task<IReadOnlyList<KnownDiagnostic>?> ProblemsAsync(string path, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            var found = await RequestAsync(WireMessages.Diagnostics, new EditorDiagnosticsParams(UriOf(path), null, 0), both.Token);
            return found?.Items;
        }
        catch (Exception e) when (e is RpcException or UnusableQueryException || (e is OperationCanceledException && deadline.IsCancellationRequested))
        {
            return null;
        }
    }

    public async Task<EditorQueryAnswer> AskAsync(string tool, JsonElement input, string root, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            return new EditorQueryAnswer(await AskAsync(tool, new Query(input, root), both.Token), IsError: false);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return new EditorQueryAnswer(
                string.Create(CultureInfo.InvariantCulture, $"The editor did not answer within {Deadline.TotalSeconds:0} s."), IsError: true);
        }
        catch (Exception e) when (e is RpcException or UnusableQueryException)
        {
            return new EditorQueryAnswer(e.Message, IsError: true);
        }
    }

    private async Task<string> AskAsync(string tool, Query query, CancellationToken cancellation)
    {
        var words = new EditorWords(path => state.Shown(path, query.Root));
        switch (tool)
        {
            case "diagnostics":
                var path = query.Path is { } asked ? Absolute(asked, query) : null;
                var buffer = path is null ? null : state.Documents.FindByPath(path);
                var fresh = path is not null && _fresh.TryRemove(WorkspacePath.KeyOf(path), out _);
                var found = await RequestAsync(
                    WireMessages.Diagnostics,
                    new EditorDiagnosticsParams(path is null ? null : UriOf(path), fresh ? buffer?.Version : null, fresh ? FreshWaitMs : 0), cancellation);
                return words.Diagnostics(path, found?.Items);
            case "definition" or "references":
                var locations = await RequestAsync(
                    tool == "definition" ? WireMessages.Definition : WireMessages.References, await PlaceAsync(query, cancellation), cancellation);
                return await words.LocationsAsync(locations?.Locations, LineAsync);
            case "hover":
                var hover = await RequestAsync(WireMessages.Hover, await PlaceAsync(query, cancellation), cancellation);
                return string.IsNullOrWhiteSpace(hover?.Text) ? EditorWords.Nothing : hover.Text;
            case "symbols":
                if (query is { Path: null, Name: null })
                    throw new UnusableQueryException("Give a path or a query.");
                var symbols = await RequestAsync(
                    WireMessages.Symbols, query.Path is { } file ? new EditorSymbolsParams(UriOf(Absolute(file, query)), null)
                        : new EditorSymbolsParams(null, query.Name), cancellation);
                return words.Symbols(symbols?.Symbols);
            default:
                throw new UnusableQueryException($"There is no question \"{tool}\".");
        }

        async ValueTask<string?> LineAsync(string path, int line) =>
            reads.Look(path) is null && await TextAsync(path, cancellation) is { } text && line < text.LineCount ? LineOf(text, line) : null;
    }

    /// <summary>A model counts lines well and columns badly, so it names the symbol and its line.</summary>
    private async Task<EditorPlaceParams> PlaceAsync(Query query, CancellationToken cancellation)
    {
        if (query is not { Path: { } asked, Line: { } line, Symbol: { Length: > 0 } symbol })
            throw new UnusableQueryException("Give a path, a line and the symbol in it.");
        var path = Absolute(asked, query);
        if (reads.Look(path) is { } secret)
            throw new UnusableQueryException($"{asked} {secret.Why}; read it first, which asks the user.");
        var text = await TextAsync(path, cancellation) ?? throw new UnusableQueryException($"{asked} cannot be read as text.");
        if (line < 1 || line > text.LineCount)
            throw new UnusableQueryException($"{asked} has {text.LineCount} lines.");
        var content = LineOf(text, line - 1);
        var at = IndexOfWord(content, symbol);
        if (at < 0)
            throw new UnusableQueryException($"\"{symbol}\" is not in line {line} of {asked}, which reads: {content.Trim()}");
        return new EditorPlaceParams(UriOf(path), text.PositionAt(text.Lines[line - 1] + at, state.Capabilities.Encoding));
    }

    private static string LineOf(TextDocument text, int line)
    {
        var end = line + 1 < text.LineCount ? text.Lines[line + 1] : text.Text.Length;
        return text.Text[text.Lines[line]..end].TrimEnd('\r', '\n');
    }

    /// <summary>The symbol as a word of its own, else anywhere in the line; -1 where it is not.</summary>
    private static int IndexOfWord(string line, string symbol)
    {
        for (var at = line.IndexOf(symbol, StringComparison.Ordinal); at >= 0; at = line.IndexOf(symbol, at + 1, StringComparison.Ordinal))
        {
            if ((at == 0 || !IsWord(line[at - 1])) && (at + symbol.Length == line.Length || !IsWord(line[at + symbol.Length])))
                return at;
        }

        return line.IndexOf(symbol, StringComparison.Ordinal);
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    /// <summary>As the user sees it: the buffer, or the disk where none is open.</summary>
    private async Task<TextDocument?> TextAsync(string path, CancellationToken cancellation) => state.Documents.FindByPath(path)
        ?? (await DiskFile.ReadAsync(path, cancellationToken: cancellation) is DiskText disk ? new TextDocument(WorkspacePath.ToUri(path), "", 0, disk.Text)
            : null);

    /// <summary>The client's own form of the URI where it has the file open.</summary>
    private string UriOf(string path) => state.Documents.FindByPath(path)?.Uri ?? WorkspacePath.ToUri(path);

    private string Absolute(string path, Query query) => state.Spelled(Path.GetFullPath(path, query.Root));

    private async Task<TResult?> RequestAsync<TParams, TResult>(
        ServerRequest<TParams, TResult> request, TParams parameters, CancellationToken cancellation) where TResult : class
    {
        try
        {
            return await rpc.RequestAsync(request, parameters, cancellation);
        }
        catch (JsonException e)
        {
            throw new UnusableQueryException($"The editor's answer to {request.Method} cannot be read: {e.Message}");
        }
    }

    private readonly struct Query(JsonElement input, string root)
    {
        public string Root => root;

        public string? Path => Text("path");

        public string? Name => Text("query");

        public string? Symbol => Text("symbol");

        public int? Line => input.Whole("line") is { } line and >= int.MinValue and <= int.MaxValue ? (int)line : null;

        private string? Text(string name) => input.Text(name) is { Length: > 0 } text ? text : null;
    }
}

/// <summary>The model asked for something that does not exist; the message tells it so.</summary>
internal sealed class UnusableQueryException(string message) : Exception(message);
