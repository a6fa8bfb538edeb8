using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Sessions;

namespace PiLsp.Tests.Sessions;

/// <summary>The agent of the world: its prompts, its runs and the tools that these call, until it is stopped or dies.</summary>
internal sealed partial class EditWorld
{
    private readonly List<ToolCall> _calls = [];
    private bool _running;
    private bool _stopping;
    private bool _killed;

    /// <param name="WriteRequest">Set once the tool waits for its write.</param>
    /// <param name="id">The gate's own for the execution.</param>
    /// <param name="modelsId">What the model's provider calls it: some give every call the same, or none.</param>
    private sealed class ToolCall(string id, string modelsId, ModelFile file)
    {
        public string Id { get; } = id;

        public string ModelsId { get; } = modelsId;

        public ModelFile File { get; } = file;

        public string? ReadRequest { get; set; }

        public string? Text { get; set; }

        public string? WriteRequest { get; set; }
    }

    private void Ask(PromptDelivery delivery)
    {
        var id = $"a{++_lastId}";
        _endsOf[id] = 0;
        Post(new AskRequested(id, "do it", delivery));
    }

    private void StartPrompt(Random random)
    {
        if (_prompts.Count == 0)
            return;
        var prompt = _prompts[0];
        _prompts.RemoveAt(0);
        var luck = random.Next(10);
        if (_stopping || luck == 0)
        {
            Post(new PromptFailed(prompt.AskId, "no model"));
            return;
        }

        var early = luck % 2 == 0;
        if (early)
            Post(new PromptAccepted(prompt.AskId, RunFollows: luck != 2, _state.Exits + 1));
        if (prompt.Delivery == PromptDelivery.Start && luck != 2 && !_running)
        {
            _running = true;
            Post(new AgentSaid(new RunStarted()));
        }

        if (!early)
            Post(new PromptAccepted(prompt.AskId, RunFollows: true, _state.Exits + 1));
    }

    private void Run(Random random)
    {
        switch (random.Next(5))
        {
            case 0:
                Ask((PromptDelivery)random.Next(3));
                break;
            case 1 when _running && (_stopping || _calls.Count == 0):
                SettleRun();
                break;
            case 2 when _calls.Count > 0:
                // The agent ends a call by itself: it timed out, or the model was stopped.
                var call = _calls[random.Next(_calls.Count)];
                _calls.Remove(call);
                Post(new AgentSaid(new ToolEnded(call.ModelsId, "edit", "", IsError: true)));
                break;
            case 3:
                var id = $"q{++_lastId}";
                _answersTo[id] = 0;
                var input = JsonDocument.Parse("""{"command":"ls"}""").RootElement;
                Post(new AgentSaid(random.Next(2) == 0
                    ? random.Next(3) == 0 ? new ToolNoteRequested(id, $"t{_lastId}", "bash") : new ConsentRequested(id, $"t{_lastId}", "bash", "builtin", input)
                    : new DialogRequested(id, "confirm", "Sure?", null, [], null, null)));
                break;
            default:
                StartPrompt(random);
                GoOnWithTool();
                break;
        }
    }

    private void GoOnWithTool()
    {
        if (_tools.Count == 0)
            return;
        var tool = _tools[0];
        _tools.RemoveAt(0);
        Post(tool);
    }

    private void SettleRun()
    {
        _stopping = false;
        _calls.Clear();
        if (_running)
            Post(new AgentSaid(new RunSettled()));
        else
            _prompts.ToList().ForEach(p => Post(new PromptFailed(p.AskId, "stopped")));
        _prompts.Clear();
        _running = false;
        if (_state.Run is { Aborting: true })
            Exit("stopped before it began");
    }

    private void Exit(string reason)
    {
        (_running, _stopping, _killed) = (false, false, false);
        _calls.Clear();
        Post(new AgentSaid(new AgentExited(reason, Expected: false)));
        foreach (var prompt in _prompts.ToList())
            Post(new PromptFailed(prompt.AskId, reason));
        _prompts.Clear();
    }

    private void CallTool(ModelFile file, Random random)
    {
        if (!_running || _stopping)
            return;
        // A tool that has read goes on to write.
        if (_calls.FirstOrDefault(c => c is { Text: not null, WriteRequest: null }) is { } ready && random.Next(4) > 0)
        {
            Write(ready, ready.Text!, "edit", random);
            return;
        }

        // Pi sends the edits of one path one after another; only of an open file are several tried here.
        if (_calls.Count > 3 || (!file.IsOpen && (_calls.Any(c => c.File == file) || _state.Proposals.Any(p => !p.IsFinal && p.Path == file.Path))))
            return;
        var call = new ToolCall($"t{++_lastId}", random.Next(4) == 0 ? "" : $"t{_lastId}", file);
        _calls.Add(call);
        if (random.Next(4) == 0)
        {
            Write(call, file.Known.Text, "write", random);
            return;
        }

        call.ReadRequest = $"q{_lastId}r";
        _answersTo[call.ReadRequest] = 0;
        Post(new AgentSaid(new FileReadRequested(call.ReadRequest, call.ModelsId, "edit", file.Path) { Execution = call.Id }));
        if (random.Next(3) > 0)
            LoadOne(random);
    }

    private void Write(ToolCall call, string read, string tool, Random random)
    {
        call.WriteRequest = $"{call.Id}w";
        _answersTo[call.WriteRequest] = 0;
        var text = random.Next(20) == 0 ? "" : ModelFile.Rewritten(read, () => NewToken('p'), random);
        var count = _state.Proposals.Count;
        Post(new AgentSaid(new FileWriteRequested(call.WriteRequest, call.ModelsId, tool, call.File.Path, text) { Execution = call.Id }));
        if (random.Next(3) > 0)
            LoadOne(random);
    }
}
