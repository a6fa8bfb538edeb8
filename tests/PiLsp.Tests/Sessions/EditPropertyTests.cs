using System.Diagnostics;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using Xunit;
using Xunit.Abstractions;

namespace PiLsp.Tests.Sessions;

/// <summary>
/// Whatever user, agent and editor do, in whatever order: nobody's text is lost or doubled, nothing changes without
/// a decision, nobody is told what did not happen, and everybody who asks gets exactly one answer.
/// PILSP_SEED replays a run (as printed: <c>seed,gamma</c>) or its one failing case (<c>seed,gamma,size</c>), PILSP_CASES makes it longer.
/// </summary>
public class EditPropertyTests(ITestOutputHelper output)
{
    private const int Cases = 12_000;

    [Fact]
    public void Nothing_is_lost_doubled_smuggled_in_or_misreported()
    {
        var (seed, gamma, size) = Seed();
        var cases = Environment.GetEnvironmentVariable("PILSP_CASES") is { } wish ? int.Parse(wish, CultureInfo.InvariantCulture) : size is null ? Cases : 1;
        output.WriteLine($"PILSP_SEED={seed},{gamma}");
        var start = Stopwatch.GetTimestamp();
        var config = Config.QuickThrowOnFailure.WithMaxTest(cases).WithEndSize(14)
            .WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(seed, gamma), size is { } one ? FSharpOption<int>.Some(one) : FSharpOption<int>.None)));
        Prop.ForAll(EditScenario.Arbitrary, EditWorld.Play).Check(config);
        output.WriteLine($"{cases / Stopwatch.GetElapsedTime(start).TotalSeconds:0} cases per second");
    }

    private static (ulong Seed, ulong Gamma, int? Size) Seed()
    {
        if (Environment.GetEnvironmentVariable("PILSP_SEED") is { Length: > 0 } wish)
        {
            var parts = wish.Split(',');
            return (ulong.Parse(parts[0], CultureInfo.InvariantCulture), ulong.Parse(parts[1], CultureInfo.InvariantCulture), parts.Length > 2
                ? int.Parse(parts[2], CultureInfo.InvariantCulture) : null);
        }

        // The second half has to be odd.
        return ((ulong)Random.Shared.NextInt64(), (ulong)Random.Shared.NextInt64() | 1, null);
    }
}
