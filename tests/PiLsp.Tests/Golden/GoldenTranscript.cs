using System.IO.Compression;
using System.Text;
using PiLsp.Sessions;
using PiLsp.Tests.Pi;

namespace PiLsp.Tests.Golden;

/// <summary>
/// One story: the state that a session begins with, and the messages that its core was given, as recorded from the real
/// Pi (<c>.input.jsonl</c>); and what the core makes of them (<c>.golden.txt</c>). Long ones are compressed. The name says
/// which Pi it was recorded from, and the story: <c>pi-1.6/undo</c>.
/// </summary>
internal sealed record GoldenTranscript(string Name, SessionState Initial, IReadOnlyList<SessionMessage> Messages)
{
    private const int LongFrom = 400_000;
    private const string Input = ".input.jsonl";

    private static string Folder => Path.Combine(Installed.Root, "tests", "PiLsp.Tests", "Golden", "Transcripts");

    public static IEnumerable<string> Names => Directory.GetFiles(Folder, $"*{Input}*", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(Folder, f).Replace('\\', '/')).Select(f => f[..f.IndexOf(Input, StringComparison.Ordinal)]).Order(StringComparer.Ordinal);

    /// <summary>What was recorded from one Pi.</summary>
    public static IEnumerable<IGrouping<string, string>> ByPi => Names.GroupBy(n => n.Split('/')[0], n => n.Split('/')[1]);

    public static GoldenTranscript Load(string name)
    {
        var lines = ReadText(name + Input).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new GoldenTranscript(name, Canonical.Read<SessionState>(lines[0]), [.. lines.Skip(1).Select(Canonical.Read<SessionMessage>)]);
    }

    public static string Golden(string name) => ReadText($"{name}.golden.txt");

    public static void Accept(string name, string golden) => WriteText($"{name}.golden.txt", golden);

    /// <param name="clean">Takes out of a line what is of this machine.</param>
    public void Save(Func<string, string> clean) =>
        WriteText(Name + Input, string.Concat(Messages.Select(Canonical.Text).Prepend(Canonical.Text(Initial)).Select(line => clean(line) + "\n")));

    /// <summary>
    /// For each message its number and name, the effects that it called for, and behind <c>=</c> what is different in the
    /// state; at the end the whole state.
    /// </summary>
    public string Replay(Func<SessionState, SessionMessage, (SessionState, IReadOnlyList<SessionEffect>)> reduce)
    {
        var text = new StringBuilder();
        var state = Initial;
        var parts = Canonical.Parts(state);
        for (var i = 0; i < Messages.Count; i++)
        {
            var message = Messages[i];
            text.Append($"> {i + 1} {(message is AgentSaid said ? said.Output.GetType().Name : message.GetType().Name)}\n");
            var (next, effects) = reduce(state, message);
            foreach (var effect in effects)
                text.Append("  ").Append(Canonical.Text(effect)).Append('\n');
            if (!ReferenceEquals(next, state))
            {
                var now = Canonical.Parts(next);
                foreach (var name in now.Keys.Union(parts.Keys).Order(StringComparer.Ordinal))
                {
                    if (now.GetValueOrDefault(name) != parts.GetValueOrDefault(name))
                        text.Append($"= {name} {now.GetValueOrDefault(name) ?? "(default)"}\n");
                }

                parts = now;
            }

            state = next;
        }

        text.Append("> end\n");
        foreach (var (name, value) in parts)
            text.Append($"= {name} {value}\n");
        return text.ToString();
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
