using Moq;
using PiLsp.Agents;
using PiLsp.Rpc;
using PiLsp.Tests.Harness;
using Xunit;

namespace PiLsp.Tests.Server;

/// <summary>What the commands about credentials ask of the agent's accounts, and what they must not.</summary>
public class CredentialTests
{
    private const string Signing = """{"experimental":{"pi":{"signIn":true,"input":true}}}""";

    private readonly Mock<IAgentAccounts> _accounts = new();
    private bool _configured;

    public CredentialTests()
    {
        _accounts.Setup(a => a.ListAsync(It.IsAny<IReadOnlyList<string>?>(), It.IsAny<CancellationToken>())).ReturnsAsync(() => [Provider]);
        _accounts.Setup(a => a.FindAsync("p", It.IsAny<CancellationToken>())).ReturnsAsync(() => Provider);
        _accounts.Setup(a => a.TerminalSignIn(It.IsAny<string?>())).Returns("sign in in a terminal");
    }

    private AgentProvider Provider =>
        new("p", "Provider P", ["apiKey", "oauth"], _configured, _configured ? "auth.json" : null, null, "P_KEY", _configured ? 3 : 0)
        {
            IsStored = _configured,
        };

    [Fact]
    public async Task A_sign_in_shows_its_code_takes_the_answer_and_ends()
    {
        string? typed = null;
        Signs(async (dialog, cancellation) =>
        {
            dialog.Tell(new SignInCode("ABCD", "https://example.org/device"));
            typed = await dialog.PromptAsync(new SignInPrompt("text", "Which team?", null, []), cancellation);
            _configured = true;
        });
        await using var editor = await StartAsync();
        var login = editor.Command("pi.login", """{"provider":"p"}""");
        var code = (await editor.ReceiveAsync("pi/signIn"))["params"]!;
        Assert.Equal(("code", "ABCD", "https://example.org/device"), ((string?)code["kind"], (string?)code["code"], (string?)code["url"]));
        editor.Reply(await editor.ReceiveAsync("pi/input"), """{"value":"gardeners"}""");
        Assert.Equal("ended", (string?)(await editor.ReceiveAsync("pi/signIn"))["params"]!["kind"]);
        Assert.True((bool)(await editor.ResultAsync(login))!["configured"]!);
        Assert.Equal("gardeners", typed);
        _accounts.Verify(a => a.SignInAsync("p", CredentialKind.OAuth, It.IsAny<ISignInDialog>(), It.IsAny<CancellationToken>()), Times.Once);
    }

    [Fact]
    public async Task A_sign_in_that_fails_says_so_without_the_secret_and_stores_nothing()
    {
        Signs((_, _) => throw new AgentException("the key sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789 is refused"));
        await using var editor = await StartAsync();
        var (code, message) = await editor.CommandErrorAsync("pi.login", """{"provider":"p","type":"oauth"}""");
        Assert.Equal(RpcErrorCodes.RequestFailed, code);
        Assert.StartsWith("The sign-in to Provider P failed, and nothing was stored", message, StringComparison.Ordinal);
        Assert.DoesNotContain("abcdefghijklmnopqrstuvwxyz", message, StringComparison.Ordinal);
        Assert.Equal("ended", (string?)(await editor.ReceiveAsync("pi/signIn"))["params"]!["kind"]);
    }

    [Fact]
    public async Task Only_one_sign_in_goes_on_at_a_time()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Signs(async (_, cancellation) =>
        {
            begun.SetResult();
            await new TaskCompletionSource().Task.WaitAsync(cancellation);
        });
        await using var editor = await StartAsync();
        var first = editor.Command("pi.login", """{"provider":"p"}""");
        await begun.Task.WaitAsync(Editor.Hang);
        Assert.Equal(
            (RpcErrorCodes.RequestFailed, "Another sign-in is under way. Finish or cancel it first."),
            await editor.CommandErrorAsync("pi.login", """{"provider":"p"}"""));
        editor.Cancel(first);
        Assert.Equal(RpcErrorCodes.RequestCancelled, (await editor.ErrorAsync(first)).Code);
        Assert.Equal("ended", (string?)(await editor.ReceiveAsync("pi/signIn"))["params"]!["kind"]);
        _accounts.Verify(a => a.SignInAsync("p", It.IsAny<CredentialKind>(), It.IsAny<ISignInDialog>(), It.IsAny<CancellationToken>()), Times.Once);
    }

    [Fact]
    public async Task A_key_is_given_to_the_agents_own_sign_in_and_asked_for_nowhere_else()
    {
        string? key = null;
        Signs(async (dialog, cancellation) =>
        {
            key = await dialog.PromptAsync(new SignInPrompt("secret", "Key?", null, []), cancellation);
            _configured = true;
        });
        await using var editor = await StartAsync();
        Assert.True((bool)(await editor.CommandAsync("pi.setApiKey", """{"provider":"p","key":"0123456789abcdef"}"""))!["configured"]!);
        Assert.Equal("0123456789abcdef", key);
        Assert.Equal("ended", (string?)(await editor.ReceiveAsync("pi/signIn"))["params"]!["kind"]);
        _accounts.Verify(a => a.SignInAsync("p", CredentialKind.ApiKey, It.IsAny<ISignInDialog>(), It.IsAny<CancellationToken>()), Times.Once);
    }

    [Fact]
    public async Task A_sign_out_takes_the_stored_credential_and_nothing_more()
    {
        _configured = true;
        _accounts.Setup(a => a.SignOutAsync("p", It.IsAny<CancellationToken>())).Callback(() => _configured = false).Returns(Task.CompletedTask);
        await using var editor = await StartAsync();
        Assert.False((bool)(await editor.CommandAsync("pi.logout", """{"provider":"p"}"""))!["configured"]!);
        _accounts.Verify(a => a.SignOutAsync("p", It.IsAny<CancellationToken>()), Times.Once);
        Assert.Equal(
            (RpcErrorCodes.RequestFailed, "Provider P has no credential that could be removed."),
            await editor.CommandErrorAsync("pi.logout", """{"provider":"p"}"""));
        _accounts.Verify(a => a.SignOutAsync("p", It.IsAny<CancellationToken>()), Times.Once);
    }

    [Fact]
    public async Task Credits_are_asked_for_only_where_somebody_wants_them()
    {
        _configured = true;
        _accounts.Setup(a => a.ReadCreditsAsync("p", It.IsAny<CancellationToken>())).ReturnsAsync(new AgentCredits(7.5m, 2.5m));
        await using var editor = await StartAsync();
        Assert.Null((await editor.CommandAsync("pi.listProviders"))!["providers"]![0]!["credits"]);
        _accounts.Verify(a => a.ReadCreditsAsync(It.IsAny<string>(), It.IsAny<CancellationToken>()), Times.Never);
        Assert.Equal(7.5, (double)(await editor.CommandAsync("pi.listProviders", """{"credits":true}"""))!["providers"]![0]!["credits"]!["remaining"]!);
        _accounts.Verify(a => a.RefreshAsync(It.IsAny<CancellationToken>()), Times.Never);
    }

    private void Signs(Func<ISignInDialog, CancellationToken, Task> flow) =>
        _accounts.Setup(a => a.SignInAsync("p", It.IsAny<CredentialKind>(), It.IsAny<ISignInDialog>(), It.IsAny<CancellationToken>()))
            .Returns((string _, CredentialKind _, ISignInDialog dialog, CancellationToken cancellation) => flow(dialog, cancellation));

    private async Task<Editor> StartAsync()
    {
        var editor = await Editor.StartAsync(Signing);
        editor.Agents.Prepare = agent => agent.Accounts = _accounts.Object;
        return editor;
    }
}
