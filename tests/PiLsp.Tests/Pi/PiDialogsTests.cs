using PiLsp.Agents;
using PiLsp.Pi;
using Xunit;

namespace PiLsp.Tests.Pi;

public class PiDialogsTests
{
    [Fact]
    public void What_nobody_waits_for_any_more_is_not_answered_not_even_by_nothing()
    {
        var dialogs = new PiDialogs();
        dialogs.Open(new ConsentRequested("q1", "t1", "bash", "builtin:bash", default));
        Assert.False(Assert.IsType<ReadOnlyMemory<byte>>(dialogs.Answer("q1", new ConsentAnswer(true, null))).IsEmpty);
        Assert.Null(dialogs.Answer("q1", new ConsentAnswer(false, "late")));
        Assert.Null(dialogs.Answer("q2", new DialogAnswer(null)));
    }
}
