using PiLsp.Sessions.Lanes;
using PiLsp.Sessions.Running;

namespace PiLsp.Sessions.Editing;

/// <summary>What was read goes to whoever waits for it, unless the editor has said something newer of the file meanwhile. Pure.</summary>
internal static class LoadReducer
{
    public static void On(SessionStep step, FileLoaded loaded)
    {
        if (!step.State.Loading.TryGetValue(loaded.Key, out var loading))
            return;
        step.State = step.State with { Loading = step.State.Loading.Remove(loaded.Key) };
        var file = loaded.File;
        if (loading.Seen is { IsOpen: true } seen && !(file.Snapshot?.Version >= seen.Version))
        {
            // Opened, or typed into, while it was being read: an edit for the older text would hit the wrong lines.
            file = file with { Snapshot = seen, Bytes = null };
        }
        else if (loading.Seen is { IsOpen: false })
        {
            // Closed meanwhile, maybe saved before: what was read may be from before that.
            step.Load(loading with { Seen = null });
            return;
        }

        switch (loading)
        {
            case Loading.ForLook { Look: var look }:
                ReadReducer.OnLooked(step, look, file);
                break;
            case Loading.ForCommand command:
                ConsentReducer.OnLooked(step, command, file);
                break;
            case Loading.ForRead { Read: var read, Allowed: var allowed }:
                ReadReducer.OnLoaded(step, read, allowed, file);
                break;
            case Loading.ForWrite { Write: var write }:
                EditReducer.OnWriteLoaded(step, write, file);
                break;
            case Loading.ForLane:
                LaneReducer.OnLoaded(step, loading.Path, file, loaded.Past);
                break;
        }
    }
}
