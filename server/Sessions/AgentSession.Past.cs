using System.Collections.Concurrent;
using PiLsp.Edits;
using PiLsp.Sessions.Editing;
using PiLsp.Sessions.Transcripts;
using PiLsp.Workspace;

namespace PiLsp.Sessions;

// Texts of decided edits and of runs that are over, and what was said long ago: put aside here, fetched by whoever asks for it.
internal sealed partial class AgentSession
{
    private readonly ConcurrentDictionary<string, (KeptText Base, KeptText Hunks)> _keptEdits = new();
    private readonly ConcurrentDictionary<int, (KeptText Before, KeptText After)> _keptChanges = new();
    private bool _puttingAside;

    /// <summary>The proposal with its texts. May read the disk; any thread.</summary>
    /// <exception cref="IOException">They cannot be read any more.</exception>
    public EditProposal Whole(EditProposal proposal)
    {
        if (!proposal.IsKept || _past is null)
            return proposal;
        if (!_keptEdits.TryGetValue(proposal.Id, out var kept))
            throw new IOException($"nothing was put aside of edit {proposal.Id}");
        return PastEdit.Read(proposal, _past.Read(kept.Base), _past.Read(kept.Hunks));
    }

    /// <summary>The change with its texts. May read the disk; any thread.</summary>
    /// <exception cref="IOException">They cannot be read any more.</exception>
    public LandedTexts Texts(LandedChange change) => change is { Before: { } before, After: { } after }
        ? new LandedTexts(change.Number, before, after)
        : Texts(change.Number);

    private LandedTexts Texts(int number) => _past is not null && _keptChanges.TryGetValue(number, out var kept)
        ? new LandedTexts(number, _past.Read(kept.Before), _past.Read(kept.After))
        : throw new IOException($"nothing was put aside of change {number}");

    /// <summary>What cannot be read is left out, and the log says why.</summary>
    private List<LandedTexts> Fetched(IReadOnlyList<int> numbers)
    {
        var found = new List<LandedTexts>(numbers.Count);
        foreach (var number in numbers)
        {
            try
            {
                found.Add(Texts(number));
            }
            catch (IOException e)
            {
                _editor.Log($"session {Id}: a text of the past cannot be read: {e.Message}");
            }
        }

        return found;
    }

    /// <summary>What <see cref="UndoAsync"/> would come to now; changes nothing.</summary>
    public async Task<UndoResult> ForetellUndoAsync(string? runId, CancellationToken cancellation)
    {
        await HandledAsync();
        var state = State;
        var (run, error) = UndoReducer.Find(state, runId);
        if (run is null || (error is not null && !run.Changes.IsEmpty))
            return new UndoResult(run?.Id, [], error);
        var files = new List<UndoneFile>();
        foreach (var order in UndoReducer.Orders(run))
        {
            var file = await _editor.LoadAsync(order.Path, forReading: false, allowed: null, cancellation);
            files.Add(await Task.Run(() => UndoReducer.Foretold(order, file, Fetched(order.Past), _editor.WhyNoDeletion), cancellation));
        }

        return new UndoResult(run.Id, [.. files, .. UndoReducer.Lost(run)]);
    }

    private void ForgetPast(ForgetPast forgotten)
    {
        foreach (var id in forgotten.EditIds)
            _keptEdits.TryRemove(id, out _);
        foreach (var number in forgotten.ChangeNumbers)
            _keptChanges.TryRemove(number, out _);
    }

    private void PutEntriesAside(PastTexts past)
    {
        var transcript = _events.Transcript;
        if (_puttingAside || transcript.Oldest is not { Count: > 0 } oldest)
            return;
        _puttingAside = true;
        _ = PutEntriesAsideAsync(past, transcript.Past ?? PastEntries.None(past), oldest);
    }

    private async Task PutEntriesAsideAsync(PastTexts past, PastEntries before, IReadOnlyList<TranscriptEntry> oldest)
    {
        var kept = await past.KeepAsync(await Task.Run(() => PastEntries.Write(oldest)));
        Post(new EntriesPutAside(kept is null ? null : before.With(kept, oldest.Count)));
    }

    private async Task KeepEditAsync(PastTexts past, EditProposal decided)
    {
        if (await past.KeepAsync(decided.Base.Text) is not { } @base || await past.KeepAsync(PastEdit.Write(decided)) is not { } hunks)
            return;
        _keptEdits[decided.Id] = (@base, hunks);
        Post(new EditKept(decided.Id));
    }

    private async Task KeepChangeAsync(PastTexts past, string runId, LandedTexts texts)
    {
        if (await past.KeepAsync(texts.Before) is not { } before || await past.KeepAsync(texts.After) is not { } after)
            return;
        _keptChanges[texts.Number] = (before, after);
        Post(new ChangeKept(runId, texts.Number));
    }
}
