using System.Collections.Frozen;

namespace PiLsp.Workspace;

/// <summary>How comments are written in a language: enough to find one, not to parse the language. Immutable.</summary>
/// <param name="Line">What begins a comment that goes to the end of the line; the longest first.</param>
/// <param name="Blocks">How a comment over several lines begins and ends.</param>
/// <param name="Quotes">What encloses a string on one line.</param>
/// <param name="LongQuotes">What encloses a string over several lines; the longest first.</param>
internal sealed record CommentSyntax(
    IReadOnlyList<string> Line, IReadOnlyList<(string Open, string Close)> Blocks, string Quotes = "\"'", IReadOnlyList<string>? LongQuotes = null)
{
    private static readonly (string, string) Slashed = ("/*", "*/");
    private static readonly (string, string) Markup = ("<!--", "-->");

    private static readonly CommentSyntax C = new(["//"], [Slashed]);
    private static readonly CommentSyntax Script = new(["//"], [Slashed], LongQuotes: ["`"]);
    private static readonly CommentSyntax Hash = new(["#"], []);
    private static readonly CommentSyntax Python = new(["#"], [], LongQuotes: ["\"\"\"", "'''"]);
    private static readonly CommentSyntax Dashes = new(["--"], [Slashed]);
    private static readonly CommentSyntax Percent = new(["%"], [("%{", "%}")], Quotes: "\"");
    private static readonly CommentSyntax Html = new([], [Markup], Quotes: "");
    private static readonly CommentSyntax Styles = new([], [Slashed]);
    private static readonly CommentSyntax Lisp = new([";"], [("#|", "|#")], Quotes: "\"");
    private static readonly CommentSyntax Ml = new(["//"], [("(*", "*)")], Quotes: "\"");

    /// <summary>For a language nobody has heard of: what is a comment nearly everywhere, where it stands at the start of a line.</summary>
    private static readonly CommentSyntax Guessed = new(["//", "--", "#", ";", "%"], [Slashed, Markup]) { OnlyWholeLines = true };

    private static readonly FrozenDictionary<string, CommentSyntax> ByName = Named(
        (C, "c cpp cc cxx h hpp hh objective-c objc m mm objective-cpp csharp cs java kotlin kt kts scala swift go rust rs dart zig groovy gradle jsonc " +
            "json5 proto proto3 protobuf solidity sol glsl hlsl wgsl verilog v systemverilog sv d vala cuda cuda-cpp less scss sass bicep thrift gdscript3 " +
                "odin"),
        (Script, "javascript js mjs cjs jsx javascriptreact typescript ts mts cts tsx typescriptreact"),
        (new(["//", "#"], [Slashed]), "php hcl terraform tf"),
        (Hash, "shellscript sh bash zsh fish ruby rb perl pl yaml yml makefile make mk dockerfile containerfile r elixir ex exs nim crystal cr awk toml " +
            "properties conf tcl gitconfig gitignore ignore dotenv env just justfile nushell nu gdscript gd coffeescript coffee graphql gql meson robot"),
        (Python, "python py pyi starlark bzl bazel"),
        (new(["#"], [("#=", "=#")], Quotes: "\"", LongQuotes: ["\"\"\""]), "julia jl"),
        (new(["#"], [("#[[", "]]")]), "cmake"),
        (new(["#"], [Slashed], LongQuotes: ["''"]), "nix"),
        (new(["#"], [("<#", "#>")]), "powershell ps1 psm1"),
        (Dashes, "sql mysql pgsql plsql"),
        (new(["--"], [("--[[", "]]")]), "lua luau"),
        (new(["--"], [("{-", "-}")], Quotes: "\""), "haskell hs elm purescript purs idris agda"),
        (new(["--"], []), "ada adb ads vhdl vhd applescript"),
        (Lisp, "lisp commonlisp cl clojure clj cljs edn scheme scm racket rkt elisp emacs-lisp el fennel fnl janet"),
        (new([";", "#"], []), "ini cfg systemd editorconfig"),
        (new([";", "#", "//"], [Slashed]), "asm s nasm gas"),
        (Percent, "latex tex bibtex erlang erl matlab octave prolog"),
        (Html, "html htm xml svg xhtml xaml markdown md xsl xslt csproj props"),
        (new([], [Markup, Slashed], Quotes: ""), "vue svelte astro"),
        (Styles, "css"),
        (Ml, "fsharp fs fsi fsx ocaml ml mli sml pascal pas"),
        (new(["\""], [], Quotes: "'"), "vim viml vimscript"),
        (new(["'"], [], Quotes: "\""), "vb vbnet visualbasic bas"),
        (new(["!"], []), "fortran f90 f95 fortran-modern"),
        (new(["REM ", "rem ", "::"], [], Quotes: "\"") { OnlyWholeLines = true }, "bat batch cmd"));

    /// <summary>Only a comment with nothing before it on its line counts.</summary>
    public bool OnlyWholeLines { get; private init; }

    /// <param name="languageId">The client's word; where it says nothing, the file's name decides.</param>
    public static CommentSyntax Of(string languageId, string? path)
    {
        if (ByName.TryGetValue(languageId, out var named))
            return named;
        var name = Path.GetFileName(path) ?? "";
        return ByName.TryGetValue(Path.GetExtension(name).TrimStart('.'), out var byExtension) ? byExtension
            : ByName.TryGetValue(name.TrimStart('.'), out var byName) ? byName
            : Guessed;
    }

    private static FrozenDictionary<string, CommentSyntax> Named(params (CommentSyntax Syntax, string Names)[] groups) =>
        groups.SelectMany(g => g.Names.Split(' ').Select(name => KeyValuePair.Create(name, g.Syntax))).DistinctBy(p => p.Key, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
}
