using PiLsp.Workspace;
using Xunit;

namespace PiLsp.Tests.Workspace;

public sealed class TextRegionTests
{
    [Theory]
    [InlineData("a();\nb();\n", 0, 0)]
    [InlineData("def f():\n    one\n\n    two\ng()\n", 0, 3)]
    [InlineData("function f() {\n  a();\n}\nb();", 0, 2)]
    [InlineData("void F()\n{\n    A();\n}\n\nvoid G()\n{\n}\n", 0, 3)]
    [InlineData("if x then\n\ty()\nend\nz()", 0, 2)]
    [InlineData("class A {\n  f() {\n    a();\n  }\n}\n", 1, 3)]
    [InlineData("\n\nx", 0, 0)]
    [InlineData("x {\n  y", 0, 1)]
    [InlineData("a:\n  b\nendless()\n", 0, 1)]
    public void A_line_brings_the_block_that_it_begins(string text, int line, int last) =>
        Assert.Equal((line, last), TextRegion.At(new TextDocument("file:///a", "", 1, text), line));

    [Fact]
    public void A_line_past_the_end_is_the_last_one() => Assert.Equal((1, 1), TextRegion.At(new TextDocument("file:///a", "", 1, "a\nb"), 9));
}
