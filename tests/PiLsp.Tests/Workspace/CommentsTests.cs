using PiLsp.Workspace;
using Xunit;

namespace PiLsp.Tests.Workspace;

public sealed class CommentsTests
{
    // The bar is the cursor.
    [Theory]
    [InlineData("typescript", "a.ts", "let a;\n// make it| a const\nlet b;", "make it a const")]
    [InlineData("typescript", "a.ts", "  |  // indented\n", "indented")]
    [InlineData("typescript", "a.ts", "// one\n//| two\n//\n// three\ncode();", "one\ntwo\n\nthree")]
    [InlineData("typescript", "a.ts", "let a = 1; // rename| a\n// another", "rename a")]
    [InlineData("typescript", "a.ts", "/**\n * Sort| them.\n * All.\n */\nf();", "Sort them.\nAll.")]
    [InlineData("typescript", "a.ts", "f(/* add| one */ 1);", "add one")]
    [InlineData("csharp", "a.cs", "/// <summary>Say| so.</summary>", "<summary>Say so.</summary>")]
    [InlineData("rust", "a.rs", "fn f<'a>(x: &'a str) {} //! tell| it", "tell it")]
    [InlineData("python", "a.py", "#!/usr/bin/env python\n# TODO:| use a set\n", "TODO: use a set")]
    [InlineData("python", "a.py", "s = '# no'  # yes|\n", "yes")]
    [InlineData("shellscript", "a.sh", "echo $# # count| them\n", "count them")]
    [InlineData("sql", "a.sql", "select 1 -- by| name\n", "by name")]
    [InlineData("lua", "a.lua", "--[[ make it\nlocal| ]]\n", "make it\nlocal")]
    [InlineData("html", "a.html", "<p>\n<!-- add a list|\nhere -->", "add a list\nhere")]
    [InlineData("clojure", "a.clj", ";; sort| it\n(f)", "sort it")]
    [InlineData("latex", "a.tex", "Don't % write| more\n", "write more")]
    [InlineData("css", "a.css", "a { } /* blue| */", "blue")]
    [InlineData("haskell", "a.hs", "{- explain\n  this| -}", "explain\nthis")]
    [InlineData("vim", "a.vim", "\" map| it\n", "map it")]
    [InlineData("emacs-lisp", "a.el", "(f) ; rename|\n", "rename")]
    [InlineData("", "Makefile", "# add a target|\nall:\n", "add a target")]
    [InlineData("plaintext", "a.py", "# by| the name\n", "by the name")]
    [InlineData("brainfuck", "a.bf", "// whatever| this is\n", "whatever this is")]
    [InlineData("csharp", "a.cs", "// windows|\r\n// lines\r\nvar a;", "windows\nlines")]
    [InlineData("typescript", "a.ts", "/* never| closed\nmore", "never| closed\nmore")]
    public void The_comment_under_the_cursor_is_found(string language, string path, string marked, string words)
    {
        var (text, offset) = Marked(marked);
        Assert.Equal(words.Replace("|", "", StringComparison.Ordinal), Comments.At(text, offset, CommentSyntax.Of(language, path))?.Words);
    }

    [Theory]
    [InlineData("typescript", "a.ts", "let| a = 1; // rename a")]
    [InlineData("typescript", "a.ts", "fetch('https://a.b/|c');")]
    [InlineData("typescript", "a.ts", "x = `\n// in| a string\n`;")]
    [InlineData("typescript", "a.ts", "// one\n\nlet| a;\n// two")]
    [InlineData("typescript", "a.ts", "//////|//////\n")]
    [InlineData("python", "a.py", "#!/usr/bin/env| python\nprint()")]
    [InlineData("python", "a.py", "\"\"\"\n# not| one\n\"\"\"")]
    [InlineData("shellscript", "a.sh", "echo $|#\n")]
    [InlineData("c", "a.c", "#include| <stdio.h>\n")]
    [InlineData("markdown", "a.md", "# A heading|\n")]
    [InlineData("typescript", "a.ts", "|")]
    [InlineData("brainfuck", "a.bf", "x = 1 // no|\n")]
    public void What_is_no_comment_is_left_alone(string language, string path, string marked)
    {
        var (text, offset) = Marked(marked);
        Assert.Null(Comments.At(text, offset, CommentSyntax.Of(language, path)));
    }

    [Fact]
    public void The_place_is_that_of_the_whole_comment()
    {
        var (text, offset) = Marked("a();\n  // one\n  // tw|o\nb();");
        var comment = Comments.At(text, offset, CommentSyntax.Of("typescript", null))!;
        Assert.Equal("// one\n  // two", text[comment.Start..comment.End]);
    }

    [Fact]
    public void Every_cursor_in_random_text_gets_an_answer()
    {
        var random = new Random(7);
        string[] bits = ["//", "/*", "*/", "#", "--", "\"", "'", "`", "\n", "\r\n", " ", "a", "\\", "<!--", "-->", "\"\"\"", "{-", ";"];
        for (var i = 0; i < 300; i++)
        {
            var text = string.Concat(Enumerable.Range(0, 40).Select(_ => bits[random.Next(bits.Length)]));
            var syntax = CommentSyntax.Of(new[] { "typescript", "python", "lua", "html", "unknown" }[i % 5], null);
            for (var at = 0; at <= text.Length; at++)
            {
                if (Comments.At(text, at, syntax) is { } comment)
                    Assert.InRange(comment.End, Math.Max(comment.Start + 1, at), text.Length);
            }
        }
    }

    private static (string Text, int Offset) Marked(string marked)
    {
        var at = marked.IndexOf('|', StringComparison.Ordinal);
        return (marked.Remove(at, 1), at);
    }
}
