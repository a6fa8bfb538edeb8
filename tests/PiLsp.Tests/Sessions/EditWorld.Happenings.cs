using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions;

namespace PiLsp.Tests.Sessions;

/// <summary>What may happen in the world, one thing for each throw of the dice, and how it all ends.</summary>
internal sealed partial class EditWorld
{
    private int _lastId;
    private int _undos;

    public static void Play(EditScenario scenario)
    {
        var desk = new EditDesk(scenario, new ModelClient(scenario.Client, scenario.Encoding), Root);
        try
        {
            for (var i = 0; i < (scenario.TwoSessions ? 2 : 1); i++)
                _ = new EditWorld(scenario, desk);
            if (scenario.FirstOpen && scenario.FirstFile is not null)
                desk.Worlds[0].Open(desk.Files[0]);
            foreach (var world in desk.Worlds)
            {
                world.Ask(PromptDelivery.Start);
                world.StartPrompt(new Random(8));
            }

            foreach (var step in scenario.Steps)
            {
                var world = desk.Worlds[step % desk.Worlds.Count];
                if (step % 3 == 0)
                    world.PutAside();
                world.Happen(new Random(step));
            }

            End(desk);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{e.Message}\n\n{string.Join('\n', desk.Story.Select(s => s.Who + s.What))}\n", e);
        }
    }

    private void Happen(Random random)
    {
        var file = Files[random.Next(4) / 3];
        switch (random.Next(23))
        {
            case 0 or 1 or 2 or 3:
                Type(file, random);
                break;
            case 4 when file is { IsOpen: false, Exists: true } && !IsBusy(file):
                Open(file);
                break;
            case 5 when file.IsOpen && !IsBusy(file):
                Close(file);
                break;
            case 6 when !file.IsOpen && file.Buffer is null && !IsBusy(file) && !IsBeingRead(file):
                ChangeDisk(file, random);
                break;
            case 7 or 8 or 9 or 10:
                CallTool(file, random);
                break;
            case 11:
                LoadOne(random);
                break;
            case 12 or 13 or 14:
                Decide(random);
                break;
            case 15:
                AnswerQuestion(random);
                break;
            case 16 or 17:
                AnswerApply(random);
                break;
            case 18:
                if (_desk.Reports.Count > 0)
                    Report();
                break;
            case 19:
                FireDeadline();
                break;
            case 20:
                Run(random);
                break;
            case 21 when _formats && file.IsOpen && !IsBusy(file):
                Format(file, random);
                break;
            default:
                Trouble(random);
                break;
        }
    }

    /// <summary>Everything under way comes to its end, the agent is stopped, and the books are compared.</summary>
    private static void End(EditDesk desk)
    {
        var random = new Random(1);
        SessionMessage?[] last = [null, new AbortRequested("the end"), new AgentSaid(new AgentExited("the end", Expected: true))];
        foreach (var message in last)
        {
            foreach (var world in message is null ? [] : desk.Worlds)
            {
                world.Post(message!);
                world.ApplyStopped(random);
            }

            // What one does may set the other going again.
            var quiet = false;
            while (!quiet)
            {
                quiet = true;
                foreach (var world in desk.Worlds)
                    quiet &= !world.Settle(random);
            }
        }

        foreach (var world in desk.Worlds)
            world.RequireRest();
        foreach (var file in desk.Files)
            Hold(file.Mirror is null or { IsDoubtful: true }
                || file.Mirror.Text == file.Text, $"the server has another text of {file.Path}:\n{file.Mirror?.Text}\nbut it is:\n{file.Text}");
        var texts = string.Concat(desk.Files.Select(f => f.Text));
        var found = ModelFile.TokensIn(texts).CountBy(t => t).ToDictionary();
        foreach (var (token, count) in desk.Tokens)
            Hold(found.GetValueOrDefault(token) == count, $"{token} should be there {count} times, not {found.GetValueOrDefault(token)}:\n{texts}");
    }

    /// <summary>What is left of a stopped run is applied when everything else is over.</summary>
    private void ApplyStopped(Random random)
    {
        foreach (var proposal in _state.Proposals.Where(p => p.Status == ProposalStatus.Stopped && _state.CanBeDecided(p) && random.Next(3) > 0).ToList())
        {
            var id = $"d{++_lastId}";
            _resultsOf[id] = 0;
            Approve(proposal, ApplyDecision.All);
            Post(new EditDecided(id, proposal.Id, ApplyDecision.All));
        }
    }

    private void RequireRest()
    {
        Hold(_state.Proposals.All(p => p.IsFinal || p is { Status: ProposalStatus.Stopped, RequestId: null }),
            $"still open: {string.Join(", ", _state.Proposals.Where(p => !p.IsFinal).Select(p => $"{p.Id} {p.Status}"))}");
        Hold(
            _state is { Run: null, Pending.IsEmpty: true, PutAside.IsEmpty: true, Loading.IsEmpty: true, Lanes.IsEmpty: true, Undo: null },
            "the session is not at rest");
        Hold(_deadlines.Count == 0, $"deadlines left: {string.Join(", ", _deadlines)}");
        Hold(_questions.Count == 0, $"questions left: {string.Join(", ", _questions)}");
        foreach (var (counts, what) in new[] { (_answersTo, "request"), (_endsOf, "ask"), (_resultsOf, "decision") })
            Hold(counts.Values.All(c => c == 1), $"without an answer: {what} {counts.FirstOrDefault(c => c.Value == 0).Key}");
        Hold(_applies.Count == 0, "an edit was never sent");
    }

    /// <returns>Whether anything has happened.</returns>
    private bool Settle(Random random)
    {
        var before = _desk.Story.Count;
        do
        {
            while (_loads.Count > 0)
                LoadOne(random);
            while (AnswerApply(random))
            {
            }

            while (_desk.Reports.Count > 0)
                Report();
            while (_prompts.Count > 0)
                StartPrompt(random);
            while (_tools.Count > 0)
                GoOnWithTool();
            if (_killed)
                Exit("killed");
            else if (_stopping)
                SettleRun();
        }
        while (FireDeadline() || _loads.Count + _desk.Reports.Count + _prompts.Count > 0 || _stopping);
        return _desk.Story.Count > before;
    }

    private void Trouble(Random random)
    {
        switch (random.Next(8))
        {
            case 0:
                Post(new AbortRequested("pi.abort"));
                break;
            case 1 when _endsOf.LastOrDefault(a => a.Value == 0).Key is { } ask:
                Post(new AskCancelled(ask));
                break;
            case 2:
                Exit("crashed");
                break;
            case 3 when _stopping:
                Post(new AbortFailed("a broken pipe"));
                break;
            case 4:
                Post(new ModeChanged((PermissionMode)random.Next(4)));
                break;
            case 5:
                Post(new FolderClosed("/work"));
                break;
            case 6:
                var undo = $"u{++_lastId}";
                _resultsOf[undo] = 0;
                _undos++;
                Post(new UndoRequested(undo, null));
                break;
        }

        if (!_running && random.Next(2) == 0)
        {
            Ask(PromptDelivery.Start);
            StartPrompt(new Random(8));
        }
    }

    private void LoadOne(Random random)
    {
        if (_loads.Count == 0)
            return;
        var (load, atOnce) = _loads[0];
        _loads.RemoveAt(0);
        // Read when it was asked for, or just now: other messages may have come between.
        Post(new FileLoaded(load.Key, random.Next(2) == 0 ? atOnce : Loaded(load.Path)) { Past = [.. load.Past.Select(number => _past[number])] });
    }

    /// <summary>The disk has taken what was to be put aside.</summary>
    private void PutAside()
    {
        foreach (var message in _keeping.ToList())
            Post(message);
        _keeping.Clear();
    }

    /// <summary>Time passes only when nothing else is under way: reports are quicker than the deadlines that wait for them.</summary>
    private bool FireDeadline()
    {
        while (_desk.Reports.Count > 0)
            Report();
        var due = _deadlines.FirstOrDefault(key => key is not Deadline.Answer { Delivery: var number } || !_unanswered.Contains(number));
        if (due is null)
            return false;
        _deadlines.Remove(due);
        Post(new DeadlinePassed(due));
        return true;
    }
}
