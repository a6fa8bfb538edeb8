using PiLsp.Edits;
using Xunit;

namespace PiLsp.Tests.Edits;

/// <summary>Patterns of the user's own: a clumsy one makes nobody wait.</summary>
public class AllowancePatternTests
{
    [Theory]
    [InlineData("a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b")]
    [InlineData("**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/b")]
    [InlineData("**/*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b/**/*a*a*a*a*a*a*a*a*a*a*a*b")]
    public void No_pattern_of_a_path_takes_its_time(string pattern)
    {
        foreach (var path in new[] { "/ws/" + new string('a', 2000), "/ws/" + string.Join('/', Enumerable.Repeat("a", 100)), "/ws/" +
            string.Join('/', Enumerable.Repeat(new string('a', 50), 20)) })
        {
            Assert.False(new Allowance("w1", null, pattern, null).CoversEdit("edit", "/ws", path));
            Assert.Null(ProtectedPath.Why(["/"], new PathPatterns([pattern]), path));
        }
    }
}
