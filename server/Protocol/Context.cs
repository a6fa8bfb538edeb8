using System.Text.Json.Serialization;
using PiLsp.Lsp;

namespace PiLsp.Protocol;

// What goes with a prompt.

internal static partial class WireCommands
{
    public static readonly Command<ResolveContextArgument, ResolvedContext> ResolveContext =
        new("pi.resolveContext", () => Json.ResolveContextArgument, () => Json.ResolvedContext);

    public static readonly Command<CompleteMentionArgument, CompleteMentionResult> CompleteMention =
        new("pi.completeMention", () => Json.CompleteMentionArgument, () => Json.CompleteMentionResult);
}

/// <summary>Something that goes with a prompt.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(FileAttachment), "file")]
[JsonDerivedType(typeof(SelectionAttachment), "selection")]
[JsonDerivedType(typeof(DiagnosticsAttachment), "diagnostics")]
[JsonDerivedType(typeof(OpenFilesAttachment), "openFiles")]
[JsonDerivedType(typeof(ImageAttachment), "image")]
[JsonDerivedType(typeof(TextAttachment), "text")]
internal abstract record Attachment;

[Description("`uri` or `path`; whole lines")]
internal sealed record FileAttachment(string? Uri = null, string? Path = null, Lsp.Range? Range = null) : Attachment;

[Description("`uri` or `path`")]
internal sealed record SelectionAttachment(string? Uri = null, string? Path = null, Lsp.Range? Range = null) : Attachment;

[Description("`uri` or `path`; without `items` the client is asked by `pi/editor/diagnostics`")]
internal sealed record DiagnosticsAttachment(
    string? Uri = null, string? Path = null, Lsp.Range? Range = null, IReadOnlyList<KnownProblem>? Items = null) : Attachment;

[Description("the names of all open files")]
internal sealed record OpenFilesAttachment : Attachment;

[Description(
    "`uri` or `path`; or `data` (base64) with its `mimeType`. PNG, JPEG, GIF, WebP, 20 MB at most; its bytes say which it is, whatever `mimeType` "
    + "says")]
internal sealed record ImageAttachment(string? Uri = null, string? Path = null, string? Data = null, string? MimeType = null, string? Name = null) : Attachment;

internal sealed record TextAttachment(string Title, string Text) : Attachment;

internal sealed record ResolveContextArgument(
    string? Prompt = null, TextDocumentIdentifier? TextDocument = null, Lsp.Range? Range = null, IReadOnlyList<Attachment>? Attachments = null);

internal sealed record ResolvedContext(
    IReadOnlyList<ResolvedItem> Items,
    [Description("All that the model would read.")] string Text,
    [Description("How many pictures.")] int Images,
    long Tokens);

internal sealed record ResolvedItem(
    string Kind,
    string Title,
    [Description("Characters; of a picture, bytes.")] long Size,
    [Description("An estimate, for text.")] long Tokens,
    [Description("False: it will not be sent, and `problem` says why.")] bool Included,
    string? Problem,
    string? Text);

internal sealed record CompleteMentionArgument(string? Prefix = null, int? Limit = null);

[Description("the best first")]
internal sealed record CompleteMentionResult(IReadOnlyList<MentionReply> Items);

internal sealed record MentionReply(
    string Path,
    [OneOf("file", "folder")] string Kind,
    [Description("What completes the mention, quoted where the path has spaces.")] string Insert);
