using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions.Editing;
using PiLsp.Workspace;

namespace PiLsp.Sessions;

/// <summary>One message being handled: the state so far and the effects it has called for. Lives on the session's loop for that one message.</summary>
internal sealed class SessionStep(SessionState state)
{
    private readonly List<SessionEffect> _effects = [];

    public SessionState State { get; set; } = state;

    public IReadOnlyList<SessionEffect> Effects => _effects;

    public void Do(SessionEffect effect) => _effects.Add(effect);

    /// <summary>Publishing the list twice for one message would only repeat it.</summary>
    public void Publish()
    {
        _effects.RemoveAll(e => e is PublishEdits);
        _effects.Add(new PublishEdits());
    }

    public void Put(EditProposal proposal) => State = State.With(proposal);

    public void Load(Loading loading)
    {
        var key = $"l{State.LastLoad + 1}";
        State = State with { LastLoad = State.LastLoad + 1, Loading = State.Loading.Add(key, loading) };
        Do(new LoadFile(key, loading.Path, ForReading: loading is Loading.ForRead)
        {
            OnlyLook = loading is Loading.ForLook or Loading.ForCommand,
            Allowed = (loading as Loading.ForRead)?.Allowed,
            Past = (loading as Loading.ForLane)?.Order.Past ?? [],
        });
    }

    /// <summary>For the model.</summary>
    public string Shown(string path) => WorkspacePath.Shown(State.Root, path);

    /// <summary>For people: on one line, with nothing in it that would not be seen.</summary>
    public string Named(string path) => ShownText.Name(Shown(path));
}
