using System.IO.Compression;
using System.Text;
using PiLsp.Sessions;
using PiLsp.Tests.Pi;

namespace PiLsp.Tests.Golden;

/// <summary>
/// One story: the state that a session begins with, and the messages that its core was given, as recorded from the real
/// Pi (<c>.input.jsonl</c>); and what the core makes of them: what it calls for (<c>.effects.txt</c>), and how the state goes on
/// (<c>.state.txt</c>), by itself, so that a core that is built otherwise can be seen to do the same. Long ones are compressed.
/// The name says which Pi it was recorded from, and the story: <c>pi-1.6/undo</c>.
/// </summary>
internal sealed record GoldenTranscript(string Name, SessionState Initial, IReadOnlyList<SessionMessage> Messages)
{
    private const int LongFrom = 400_000;
    private const string Input = ".input.jsonl";
    private const string Effects = ".effects.txt";
    private const string State = ".state.txt";

    private static string Folder => Path.Combine(Installed.Root, "tests", "PiLsp.Tests", "Golden", "Transcripts");

    public static IEnumerable<string> Names => Directory.GetFiles(Folder, $"*{Input}*", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(Folder, f).Replace('\\', '/')).Select(f => f[..f.IndexOf(Input, StringComparison.Ordinal)])
            .Order(StringComparer.Ordinal);

    /// <summary>What was recorded from one Pi.</summary>
    public static IEnumerable<IGrouping<string, string>> ByPi => Names.GroupBy(n => n.Split('/')[0], n => n.Split('/')[1]);

    public static GoldenTranscript Load(string name)
    {
        var lines = ReadText(name + Input).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new GoldenTranscript(name, Canonical.Read<SessionState>(lines[0]), [.. lines.Skip(1).Select(Canonical.Read<SessionMessage>)]);
    }

    public static Outcome Golden(string name) => new(ReadText(name + Effects), ReadText(name + State));

    public static void Accept(string name, Outcome golden)
    {
        WriteText(name + Effects, golden.Effects);
        WriteText(name + State, golden.State);
    }

    /// <param name="clean">Takes out of a line what is of this machine.</param>
    public void Save(Func<string, string> clean) =>
        WriteText(Name + Input, string.Concat(Messages.Select(Canonical.Text).Prepend(Canonical.Text(Initial)).Select(line => clean(line) + "\n")));

    /// <summary>
    /// For each message its number and name: with the effects that it called for, and with what is different in the state since;
    /// at the end the whole state.
    /// </summary>
    public Outcome Replay(Func<SessionState, SessionMessage, (SessionState, IReadOnlyList<SessionEffect>)> reduce)
    {
        var (called, changed) = (new StringBuilder(), new StringBuilder());
        var state = Initial;
        var parts = Canonical.Parts(state);
        for (var i = 0; i < Messages.Count; i++)
        {
            var message = Messages[i];
            var title = $"> {i + 1} {(message is AgentSaid said ? said.Output.GetType().Name : message.GetType().Name)}\n";
            called.Append(title);
            var (next, effects) = reduce(state, message);
            foreach (var effect in effects)
                called.Append("  ").Append(Canonical.Text(effect)).Append('\n');
            if (!ReferenceEquals(next, state))
            {
                var now = Canonical.Parts(next);
                var others = now.Keys.Union(parts.Keys).Order(StringComparer.Ordinal)
                    .Where(name => now.GetValueOrDefault(name) != parts.GetValueOrDefault(name)).ToList();
                if (others.Count > 0)
                    changed.Append(title);
                foreach (var name in others)
                    changed.Append($"= {name} {now.GetValueOrDefault(name) ?? "(default)"}\n");
                parts = now;
            }

            state = next;
        }

        changed.Append("> end\n");
        foreach (var (name, value) in parts)
            changed.Append($"= {name} {value}\n");
        return new Outcome(called.ToString(), changed.ToString());
    }

    private static string ReadText(string file)
    {
        var path = Path.Combine(Folder, file);
        if (File.Exists(path))
            return File.ReadAllText(path);
        using var packed = new GZipStream(File.OpenRead(path + ".gz"), CompressionMode.Decompress);
        return new StreamReader(packed, Encoding.UTF8).ReadToEnd();
    }

    private static void WriteText(string file, string text)
    {
        var path = Path.Combine(Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Delete(path);
        File.Delete(path + ".gz");
        if (text.Length < LongFrom)
        {
            File.WriteAllText(path, text);
            return;
        }

        using var packed = new GZipStream(File.Create(path + ".gz"), CompressionLevel.SmallestSize);
        packed.Write(Encoding.UTF8.GetBytes(text));
    }
}

/// <summary>What the core makes of a story.</summary>
internal sealed record Outcome(string Effects, string State);
