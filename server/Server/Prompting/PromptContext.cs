using System.Globalization;
using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Lsp;
using PiLsp.Protocol;
using PiLsp.Server.Commands;
using PiLsp.Server.Editor;
using PiLsp.Sessions.Transcripts;
using PiLsp.Workspace;

namespace PiLsp.Server.Prompting;

/// <summary>One thing that goes with a prompt, or the reason why it does not.</summary>
/// <param name="Text">What the model reads of it; empty for a picture.</param>
internal sealed record ContextItem(string Kind, string Title, string Text, AgentImage? Image, long Size, string? Problem)
{
    /// <summary>What the model reads where it gets nothing of it.</summary>
    public string? Instead { get; init; }

    public bool IsIncluded => Text.Length > 0 || Image is not null;

    public static ContextItem Refused(string kind, string title, string problem) => new(kind, title, "", null, 0, problem);
}

/// <summary>
/// Everything that goes with a prompt: what the user looks at, what is attached, what is mentioned with <c>@</c>.
/// Buffers are taken as they are when it is made, on the ordered loop; the disk is read later, from any thread.
/// </summary>
/// <param name="root">Where the agent works that gets the prompt.</param>
internal sealed class PromptContext(ServerState state, EditorKnowledge knowledge, string root)
{
    private const int MostText = 200_000;
    private const int MostImage = 20 * 1024 * 1024;
    private const int MostEntries = 200;

    /// <summary>Begins on the ordered loop; what it awaits is the disk and the client.</summary>
    public async Task<IReadOnlyList<ContextItem>> ResolveAsync(ResolveContextArgument argument, CancellationToken cancellation)
    {
        var prompt = argument.Prompt ?? "";
        // What begins with a slash is the command's, to the last word.
        var looksAt = SlashWords.IsForPi(prompt) ? null : LooksAt(argument);
        var attached = (argument.Attachments ?? []).Select(Attached).ToList();
        var mentions = Mention.Find(prompt).Select(m => (Func<CancellationToken, Task<ContextItem?>>)Mentioned(m)).ToList();
        var items = new List<ContextItem>();
        if (looksAt is not null)
            items.Add(looksAt);
        foreach (var one in attached)
            items.Add(await one(cancellation));
        foreach (var one in mentions)
        {
            if (await one(cancellation) is { } item && !items.Any(i => i.Title == item.Title && i.Kind == item.Kind))
                items.Add(item);
        }

        return items;
    }

    public static AgentPrompt Prompt(string words, IReadOnlyList<ContextItem> items) =>
        new(PromptText.With(SlashWords.IsPlain(words) ? PromptText.Plain(words) : words, Text(items)), [.. items.Select(i => i.Image).OfType<AgentImage>()]);

    public static string Text(IReadOnlyList<ContextItem> items) =>
        string.Join("\n\n", items.Select(i => i.Text.Length > 0 ? i.Text : i.Instead ?? "").Where(t => t.Length > 0));

    /// <summary>What the user sent along and the agent does not get, in a sentence; null: it gets everything.</summary>
    public static string? LeftOut(IReadOnlyList<ContextItem> items)
    {
        var left = items.Where(i => i is { IsIncluded: false, Instead: not null }).Select(i => $"{i.Title}: {i.Problem}").ToList();
        return left.Count == 0 ? null : $"Not sent with your message: {string.Join("; ", left)}.";
    }

    private ContextItem? LooksAt(ResolveContextArgument argument)
    {
        if (argument.TextDocument is not { Uri: var uri })
            return null;
        var open = state.Documents.FindByUri(uri);
        var shown = Shown(open?.Place ?? WorkspacePath.FromUri(uri) ?? VirtualPath.Of(uri));
        if (open is null && WorkspacePath.FromUri(uri) is null)
            return Item("open", shown, $"The user has {shown} open. It is no file, and the editor has not given its text.");
        if (argument.Range is not { } range)
            return Item("open", shown, WithText(open, AskContext.Describe(new AskedFile(shown, null, null))));
        return Selection("selection", shown, open, range.Start, range.End);
    }

    private ContextItem Selection(string kind, string shown, TextDocument? open, Position start, Position end)
    {
        string? text = null;
        if (open is not null && start.CompareTo(end) != 0)
        {
            var (from, to) = (open.OffsetAt(start, state.Capabilities.Encoding), open.OffsetAt(end, state.Capabilities.Encoding));
            text = from < to ? open.Text[from..to] : null;
        }

        var lines = start.Line == end.Line ? $"{shown}:{start.Line + 1}" : $"{shown}:{start.Line + 1}-{end.Line + 1}";
        var note = open is { Path: null } ? $"{VirtualPath.Note(open.Uri)} " : "";
        return Item(kind, lines, note + AskContext.Describe(new AskedFile(shown, (start.Line, end.Line), text)));
    }

    /// <summary>What has no file cannot be looked up, so its text goes along.</summary>
    private static string WithText(TextDocument? open, string described)
    {
        if (open is not { Path: null })
            return described;
        var note = $"{described} {VirtualPath.Note(open.Uri)}";
        return open.Text.Length > MostText ? $"{note} It is too long to be included." : $"{note} Its text:\n{Fenced.Around(open.Text)}";
    }

    private Func<CancellationToken, Task<ContextItem>> Attached(Attachment attachment)
    {
        switch (attachment)
        {
            case FileAttachment file:
                return Part(Place(file.Uri, file.Path), file.Range);
            case SelectionAttachment selection:
                return Part(Place(selection.Uri, selection.Path), selection.Range);
            case ImageAttachment { Data: { } base64 } given:
                var declared = given.MimeType ?? throw new WrongArgumentException("\"mimeType\" must be a string");
                return cancellation => Task.Run(() => GivenPicture(given.Name ?? "picture", declared, base64), cancellation);
            case ImageAttachment image:
                var picture = Place(image.Uri, image.Path).Path;
                return cancellation => FileAsync(picture, null, null, cancellation);
            case OpenFilesAttachment:
                var files = state.Documents.All.Select(d => d.Path is null ? $"{Shown(d.Place)} ({VirtualPath.Note(d.Uri)})"
                    : Shown(d.Path) + (d.IsKnownSaved ? "" : " (unsaved changes)")).Order(StringComparer.Ordinal).ToList();
                return _ => Task.FromResult(
                    Item("openFiles", "Open files", files.Count == 0 ? "" : $"The user has these files open:\n{string.Join('\n', files)}"));
            case DiagnosticsAttachment diagnostics:
                return Problems(diagnostics);
            case TextAttachment { Title: var title, Text: var text }:
                return _ => Task.FromResult(Item("text", title, $"{title}:\n{Fenced.Around(text)}"));
            default:
                throw new InvalidOperationException($"no way to attach {attachment.GetType().Name}");
        }
    }

    private Func<CancellationToken, Task<ContextItem>> Part((string Path, TextDocument? Open) place, Lsp.Range? range)
    {
        var (path, open) = place;
        if (range is not { Start: var start, End: var end })
            return cancellation => FileAsync(path, open, null, cancellation);
        if (open is null)
            return cancellation => FileAsync(path, null, (start.Line, end.Line), cancellation);
        var item = Selection("selection", Shown(path), open, start, end);
        return _ => Task.FromResult(item);
    }

    private Func<CancellationToken, Task<ContextItem>> Problems(DiagnosticsAttachment asked)
    {
        var (path, _) = Place(asked.Uri, asked.Path);
        var given = asked.Items?.Select(p => new KnownDiagnostic(null, p.Range, p.Severity, p.Message, p.Source, p.Code)).ToList();
        var title = $"Problems in {Shown(path)}";
        return async cancellation =>
        {
            var found = (IReadOnlyList<KnownDiagnostic>?)given
                ?? (state.Capabilities.EditorKnowledge ? await knowledge.ProblemsAsync(path, cancellation) : null);
            if (found is null)
                return ContextItem.Refused("diagnostics", title, "the editor does not tell its problems");
            var uri = WorkspacePath.ToUri(path);
            var shown = found.Where(d => asked.Range is not { } w || (d.Range.Start.CompareTo(w.End) <= 0 && d.Range.End.CompareTo(w.Start) >= 0))
                .Select(d => d with { Uri = d.Uri ?? uri }).ToList();
            return Item("diagnostics", title, new EditorWords(Shown).Diagnostics(path, shown));
        };
    }

    private Func<CancellationToken, Task<ContextItem?>> Mentioned(Mention mention)
    {
        var path = Path.GetFullPath(mention.Path, root);
        var open = state.Documents.FindByPath(path);
        return async cancellation =>
        {
            if (open is null && !File.Exists(path) && !Directory.Exists(path))
                return mention.LooksLikePath ? ContextItem.Refused("file", mention.Path, "there is no such file in the workspace") : null;
            if (ProtectedPath.Why(state.Roots, PathPatterns.None, path) is { } outside)
                return ContextItem.Refused("file", mention.Path, outside);
            return await FileAsync(path, open, mention.Lines, cancellation);
        };
    }

    /// <param name="lines">Zero-based, both inclusive; null: the whole file.</param>
    private async Task<ContextItem> FileAsync(string path, TextDocument? open, (int First, int Last)? lines, CancellationToken cancellation)
    {
        var shown = Shown(path);
        if (open is null && Directory.Exists(path))
            return Folder(path, shown);
        // What the user names he consents to; what a link makes of it he has not seen.
        if (open is null && WorkspacePath.ResolveLinks(path) is { } real && SecretFile.Why(real) is { } secret && SecretFile.Why(path) is null)
            return ContextItem.Refused("file", shown, $"it is a link to {Shown(real)}, which {secret}; name that itself if it is to be sent");
        string text;
        switch (open is null ? await DiskFile.ReadAsync(path, cancellationToken: cancellation) : new DiskText(open.Text, false))
        {
            case DiskText read:
                text = read.Text;
                break;
            case DiskBytes { Bytes: var bytes } when Picture.Of(bytes) is { } picture:
                return PictureItem(shown, picture, bytes, Convert.ToBase64String(bytes));
            case DiskBytes:
                return ContextItem.Refused("file", shown, "it is neither text nor a picture");
            case DiskError error:
                return ContextItem.Refused("file", shown, error.Message);
            default:
                throw new InvalidOperationException("a disk read of an unknown kind");
        }

        var part = "";
        if (lines is var (first, last))
        {
            var all = new TextDocument(WorkspacePath.ToUri(path), "", 0, text);
            first = Math.Min(first, all.LineCount - 1);
            last = Math.Min(last, all.LineCount - 1);
            text = text[all.Lines[first]..(last + 1 < all.LineCount ? all.Lines[last + 1] : text.Length)];
            part = first == last ? $", line {first + 1}" : $", lines {first + 1}-{last + 1}";
        }

        if (text.Length > MostText)
            return new ContextItem(
                "file", shown + part, $"The user refers to {shown}{part}, which is too long to be included: read what you need of it.", null, text.Length,
                string.Create(CultureInfo.InvariantCulture,
                    $"it is too long to be included ({text.Length / 1000} thousand characters); Pi is told to read what it needs"));
        var unsaved =
            open is { Path: null } ? $" ({VirtualPath.Note(open.Uri).TrimEnd('.')})" : open is { IsKnownSaved: false } ? " (with unsaved changes)" : "";
        return Item("file", shown + part, $"{shown}{part}{unsaved}:\n{Fenced.Around(text)}");
    }

    private static ContextItem Folder(string path, string shown)
    {
        if (WorkspacePath.WhyNoFile(path) is { } why)
            return ContextItem.Refused("folder", shown, $"it {why}");
        List<string> names;
        try
        {
            names = Names(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ContextItem.Refused("folder", shown, $"it could not be read: {e.Message}");
        }

        var more = names.Count > MostEntries ? "\n…" : "";
        return Item("folder", shown, $"The folder {shown} has:\n{string.Join('\n', names.Take(MostEntries))}{more}");
    }

    private static List<string> Names(string path) =>
        [.. new DirectoryInfo(path).EnumerateFileSystemInfos().Select(e => e is DirectoryInfo ? e.Name + "/" : e.Name).Order(StringComparer.Ordinal)
            .Take(MostEntries + 1)];

    /// <summary>What it is its bytes say, whatever it was declared to be: a vendor refuses what is not as it is called, and every later turn with it.</summary>
    private static ContextItem GivenPicture(string title, string declared, string base64)
    {
        byte[] bytes;
        try
        {
            bytes = Convert.FromBase64String(base64);
        }
        catch (FormatException)
        {
            return LeftOut(title, "its data is no base64");
        }

        return Picture.Of(bytes) is { } picture ? PictureItem(title, picture, bytes, base64)
            : LeftOut(title, bytes.Length == 0 ? "it is empty" : $"it is called {declared}, but no PNG, JPEG, GIF or WebP; others cannot be sent");
    }

    private static ContextItem PictureItem(string title, Picture picture, byte[] bytes, string base64)
    {
        if (picture.Problem is { } problem)
            return LeftOut(title, problem);
        if (bytes.Length > MostImage)
            return LeftOut(title, "it is larger than 20 MB");
        var image = new AgentImage(picture.Type, base64) { Name = title, Width = picture.Width, Height = picture.Height };
        return new ContextItem("image", title, $"Picture attached: {title}", image, bytes.Length, null);
    }

    /// <summary>The model hears of it as well: it would look for a picture that the words speak of.</summary>
    private static ContextItem LeftOut(string title, string problem) =>
        ContextItem.Refused("image", title, problem) with { Instead = $"The picture {title} could not be sent: {problem}." };

    private (string Path, TextDocument? Open) Place(string? uri, string? path)
    {
        if (path is not null)
        {
            var whole = Path.GetFullPath(path, root);
            return (whole, state.Documents.FindByPath(whole));
        }

        if (uri is null)
            throw new WrongArgumentException("\"uri\" must be a string");
        var open = state.Documents.FindByUri(uri);
        return (open?.Place ?? WorkspacePath.FromUri(uri) ?? throw new WrongArgumentException($"{uri} is no file"), open);
    }

    private string Shown(string path) => state.Shown(path, root);

    private static ContextItem Item(string kind, string title, string text) => new(kind, title, text, null, text.Length, null);
}
