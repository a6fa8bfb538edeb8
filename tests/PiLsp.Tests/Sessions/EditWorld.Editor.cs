using PiLsp.Edits;
using PiLsp.Server.Editor;
using PiLsp.Sessions;
using PiLsp.Sessions.Waiting;

namespace PiLsp.Tests.Sessions;

/// <summary>The editor of the world: what it reports, and how it applies what it is sent, honestly or not.</summary>
internal sealed partial class EditWorld
{
    private string NewToken(char who) => $"‹{who}{++_desk.LastToken}›";

    /// <summary>An edit without a version is on its way: nobody can guard it against a change in the same moment.</summary>
    private bool IsBusy(ModelFile file) => _desk.Worlds.SelectMany(w => w._applies).Any(a => a.Sent.Path == file.Path && a.Sent.Version is null);

    /// <summary>Of the disk nobody reports: what was read of it is believed until the edit arrives.</summary>
    private bool IsBeingRead(ModelFile file) => _desk.Worlds.SelectMany(w => w._loads).Any(l => l.Load.Path == file.Path);

    private void Open(ModelFile file)
    {
        file.IsOpen = true;
        file.Change(file.Text);
        _desk.Reports.Enqueue(file.Snapshot);
        while (_desk.Reports.Count > 0)
            Report();
    }

    private void Close(ModelFile file)
    {
        file.Save();
        file.IsOpen = false;
        file.Buffer = null;
        _desk.Reports.Enqueue(file.Snapshot with { Version = null });
        while (_desk.Reports.Count > 0)
            Report();
    }

    private void Report()
    {
        var report = _desk.Reports.Dequeue();
        var file = FileAt(report.Path);
        file.Reported = report.IsOpen ? report : null;
        if (report.IsOpen)
            file.Unsaved = null;
        foreach (var world in _desk.Worlds)
            world.Post(new FileSeen(report));
    }

    /// <summary>As on saving: the text says what it said, in other lines.</summary>
    private void Format(ModelFile file, Random random)
    {
        file.Change(ModelFile.Formatted(file.Text, random));
        _desk.Reports.Enqueue(file.Snapshot);
    }

    private void Save(ModelFile file)
    {
        file.Save();
        _desk.Reports.Enqueue(file.Snapshot);
    }

    /// <returns>Whether there was one whose turn it is.</returns>
    private bool AnswerApply(Random random)
    {
        if (!_applies.TryPeek(out var apply))
            return false;
        var file = FileAt(apply.Sent.Path);
        if (!apply.Sent.IsOpen && _desk.Turns.TryGetValue(file.Path, out var turn) && turn != (this, apply.DeliveryNumber))
            return false;
        _applies.Dequeue();
        _unanswered.Remove(apply.DeliveryNumber);
        if (!apply.Sent.IsOpen)
            _desk.Turns[file.Path] = (this, apply.DeliveryNumber);
        if (!apply.Sent.IsOpen && !Loaded(file.Path).IsStill(apply.Sent))
            Post(new ApplyAnswered(apply.DeliveryNumber, false, "the file has become another") { Failed = true });
        else
            AnswerSent(file, apply, random);
        return true;
    }

    private void AnswerSent(ModelFile file, ApplyToEditor apply, Random random)
    {
        if (!apply.Delete
            && EditObstacle.Why(
                apply.Sent, file.Client.Capabilities.Opening, WorkspaceEdits.Build(apply.Sent, apply.Hunks, file.Client.Capabilities)) is { } obstacle)
            Post(new ApplyAnswered(apply.DeliveryNumber, false, obstacle) { Failed = true });
        else if (apply.Delete)
            Delete(file, apply, random.Next(100) < _honesty);
        else if (apply.Confirm && random.Next(3) == 0)
            Post(new ApplyAnswered(apply.DeliveryNumber, false, "the preview was closed"));
        else if (apply.Confirm)
            Apply(file, apply, random.Next(apply.Hunks.Count + 1), claim: true, how: random.Next(2), random);
        else if (random.Next(100) < _honesty)
            Apply(file, apply, apply.Hunks.Count, claim: true, how: random.Next(4), random);
        else
            ApplyBadly(file, apply, random);
    }

    private void Delete(ModelFile file, ApplyToEditor apply, bool honest)
    {
        if (apply.Sent.Version is { } version && (!file.IsOpen || file.Version != version))
        {
            Post(new ApplyAnswered(apply.DeliveryNumber, false, "the buffer has changed"));
            return;
        }

        Hold(file.Text == apply.Sent.Text, $"the undo deletes more than it knows:\n{file.Text}");
        if (honest)
        {
            Remember(file.Text, "");
            (file.Disk, file.Buffer, file.Unsaved) = (null, null, null);
            if (file.IsOpen)
            {
                file.IsOpen = false;
                _desk.Reports.Enqueue(apply.Sent with { Version = null });
            }
        }

        Post(new ApplyAnswered(apply.DeliveryNumber, honest, null));
    }

    private void ApplyBadly(ModelFile file, ApplyToEditor apply, Random random)
    {
        switch (random.Next(7))
        {
            // What is said of a file that nobody can look at is believed, so a lie about it has no cure.
            case 0 when apply.Sent.IsOpen:
                Post(new ApplyAnswered(apply.DeliveryNumber, true, null));
                break;
            case 1:
                Post(new ApplyAnswered(apply.DeliveryNumber, false, "the file is read-only"));
                break;
            case 2:
                break;
            case 3:
                _silent.Add(_deliveries[apply.DeliveryNumber]);
                Apply(file, apply, apply.Hunks.Count, claim: null, how: 0, random);
                break;
            case 4:
                Apply(file, apply, apply.Hunks.Count, claim: false, how: 0, random);
                break;
            default:
                Apply(file, apply, random.Next(apply.Hunks.Count + 1), claim: random.Next(2) == 0, how: 0, random);
                break;
        }
    }

    /// <summary>Takes the first hunks of an edit, if it was made for this version.</summary>
    /// <param name="how">0: reports, then answers; 1: answers, then reports; for a closed file also 2: keeps it to itself, 3: opens it first.</param>
    private void Apply(ModelFile file, ApplyToEditor apply, int count, bool? claim, int how, Random random)
    {
        if (apply.Sent.Version is { } version && (!file.IsOpen || file.Version != version))
        {
            Post(new ApplyAnswered(apply.DeliveryNumber, false, "the buffer has changed"));
            return;
        }

        var hunks = apply.Hunks.Take(count).ToList();
        Hold(file.Text == apply.Sent.Text || (!file.IsOpen && file.Client.IsMeant([], file.Text, apply.Sent.Text)),
            $"an edit for another text than is there:\n{apply.Sent.Text}\nbut:\n{file.Text}");
        var after = file.After(apply.Sent, hunks);
        Hold(file.Client.IsMeant(hunks, after, TextDiff.Apply(apply.Sent.Text, hunks)),
            $"the edits make {EditScenario.Shown(after)} of {EditScenario.Shown(file.Text)}; shown was " +
                $"{EditScenario.Shown(TextDiff.Apply(apply.Sent.Text, hunks))}");
        foreach (var hunk in hunks)
        {
            // The user's own text is decided as a whole, each time anew.
            if (_ownTexts.ContainsKey(_deliveries[apply.DeliveryNumber]))
                _ownLanded.Add(_deliveries[apply.DeliveryNumber]);
            else if (!_formats || !Layout.IsSame(hunk.OldText, hunk.NewText))
                // A formatter may take nothing but layout out again before anybody has seen it: then it is sent once more.
                Hold(_landed.Add((_deliveries[apply.DeliveryNumber], hunk.Id)), $"{_deliveries[apply.DeliveryNumber]} {hunk.Id} lands twice");
            Remember(hunk.OldText, hunk.NewText);
            _delivered.UnionWith(ModelFile.TokensIn(hunk.NewText));
        }

        if (!file.IsOpen && how == 3)
            Open(file);
        file.Change(after);
        if (file.IsOpen || how != 2)
        {
            file.IsOpen = true;
            if (!_formats || random.Next(2) == 0)
                _desk.Reports.Enqueue(file.Snapshot);
            if (_formats)
                Format(file, random);
        }

        if (how != 1)
        {
            while (_desk.Reports.Count > 0)
                Report();
        }

        if (claim is { } applied)
            Post(new ApplyAnswered(apply.DeliveryNumber, applied, null));
    }
}
