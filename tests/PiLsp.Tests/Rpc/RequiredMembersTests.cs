using PiLsp.Lsp;
using PiLsp.Rpc;
using Xunit;

namespace PiLsp.Tests.Rpc;

public class RequiredMembersTests
{
    [Fact]
    public void What_a_handler_takes_for_given_is_named_where_it_is_missing()
    {
        Assert.Equal("", RequiredMembers.Missing(null, LspJson.Default.ExecuteCommandParams));
        Assert.Equal("command", RequiredMembers.Missing(new ExecuteCommandParams(null!, null, null), LspJson.Default.ExecuteCommandParams));
        Assert.Equal(
            "textDocument.uri",
            RequiredMembers.Missing(new CodeActionParams(new TextDocumentIdentifier(null!), default!, null), LspJson.Default.CodeActionParams));
    }

    [Fact]
    public void What_may_be_missing_may_be() =>
        Assert.Null(RequiredMembers.Missing(new ExecuteCommandParams("pi.ask", null, null), LspJson.Default.ExecuteCommandParams));
}
