using PiLsp.Edits;
using PiLsp.Headless;
using Xunit;

namespace PiLsp.Tests.Headless;

public class AskArgumentsTests
{
    [Theory]
    [InlineData("fix it")]
    [InlineData("-1 + 1 = ?")]
    [InlineData("-1")]
    [InlineData("- a list item")]
    [InlineData("--json is what?")]
    [InlineData("--model x = y")]
    [InlineData("-v?")]
    [InlineData("---")]
    [InlineData("-ü")]
    [InlineData("-fix\nthis")]
    [InlineData("-fix.")]
    public void What_is_no_option_is_the_prompt_wherever_it_stands(string prompt)
    {
        Assert.Equal(prompt, Parsed(prompt).Prompt);
        Assert.Equal((prompt, true), (Parsed(prompt, "--json").Prompt, Parsed(prompt, "--json").Json));
        Assert.Equal((prompt, true), (Parsed("--json", prompt).Prompt, Parsed("--json", prompt).Json));
        Assert.Equal((prompt, "m"), (Parsed("--model", "m", prompt).Prompt, Parsed("--model", "m", prompt).Model));
    }

    [Theory]
    [InlineData("--json")]
    [InlineData("-x")]
    [InlineData("-")]
    [InlineData("--")]
    [InlineData("--help")]
    public void Behind_two_dashes_everything_is_the_prompt(string prompt)
    {
        var parsed = Parsed("--verbose", "--", prompt);
        Assert.Equal((prompt, true, false, false), (parsed.Prompt, parsed.Verbose, parsed.Json, parsed.HelpWanted));
    }

    [Fact]
    public void Without_a_prompt_or_with_a_dash_it_comes_from_stdin()
    {
        Assert.Null(Parsed().Prompt);
        Assert.Null(Parsed("-").Prompt);
        Assert.Null(Parsed("--json", "-").Prompt);
        Assert.Null(Parsed("--json", "--").Prompt);
    }

    [Fact]
    public void Every_option_arrives_in_both_spellings()
    {
        var wanted = new AskArguments
        {
            Prompt = "p",
            Model = "a/b",
            Session = "/s.jsonl",
            Mode = PermissionMode.AcceptEdits,
            Json = true,
            Verbose = true,
            Command = "/pi",
            Node = "/node",
        };
        Assert.Equal(
            wanted, Parsed("--model", "a/b", "--session", "/s.jsonl", "--permission-mode", "acceptEdits", "--json", "--verbose", "--command", "/pi", "--node",
                "/node", "p"));
        Assert.Equal(
            wanted, Parsed("p", "--verbose", "--json", "--node=/node", "--command=/pi", "--permission-mode=acceptEdits", "--session=/s.jsonl", "--model=a/b"));
        Assert.Equal("-odd=x", Parsed("--session=-odd=x", "p").Session);
    }

    [Fact]
    public void What_is_not_said_is_careful()
    {
        var parsed = Parsed("p");
        Assert.Equal((PermissionMode.Ask, "pi", null, null), (parsed.Mode, parsed.Command, parsed.Session, parsed.Model));
        Assert.Equal(parsed, Parsed("--new", "p"));
    }

    [Theory]
    [InlineData("there is no option --modle", "--modle", "x", "p")]
    [InlineData("there is no option -p", "-p")]
    [InlineData("there is no option --jsno", "p", "--jsno=1")]
    [InlineData("put it in quotes", "fix", "it")]
    [InlineData("put it in quotes", "--", "fix", "it")]
    [InlineData("from stdin", "fix", "-")]
    [InlineData("--model needs a value", "p", "--model")]
    [InlineData("--model needs a value", "--model", "--json", "p")]
    [InlineData("--model needs a value", "--model", "--", "p")]
    [InlineData("--session needs a value", "--session=", "p")]
    [InlineData("--new takes no value", "--new=yes", "p")]
    [InlineData("--model is given twice", "--model", "a", "--model=b", "p")]
    [InlineData("exclude each other", "--new", "--session", "s", "p")]
    [InlineData("not \"yolo\"", "--permission-mode", "yolo", "p")]
    [InlineData("the prompt is empty", "")]
    [InlineData("the prompt is empty", " \n")]
    public void What_is_wrong_is_named(string message, params string[] args)
    {
        var (arguments, error) = AskArguments.Parse(args);
        Assert.Null(arguments);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("-?")]
    public void Help_goes_before_everything_but_what_was_wrong_already(string option) => Assert.True(Parsed("p", option, "--modle").HelpWanted);

    private static AskArguments Parsed(params string[] args)
    {
        var (arguments, error) = AskArguments.Parse(args);
        Assert.Null(error);
        return arguments!;
    }
}
