using System.Diagnostics;

namespace PiLsp.Server;

/// <summary>Ends the server when the editor that started it is gone, even if it could not say so. Called on the ordered loop and at start-up.</summary>
internal sealed class ParentWatch(Action<string> gone) : IDisposable
{
    private readonly List<Process> _watched = [];

    public void Watch(int processId)
    {
        if (processId <= 0 || _watched.Any(p => p.Id == processId))
            return;
        try
        {
            var process = Process.GetProcessById(processId);
            process.EnableRaisingEvents = true;
            process.Exited += (_, _) => gone($"the client process {processId} is gone");
            _watched.Add(process);
            if (process.HasExited)
                gone($"the client process {processId} is gone");
        }
        catch (ArgumentException)
        {
            gone($"the client process {processId} does not exist");
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // Of another user, or in another process namespace: then the end of stdin has to do.
        }
    }

    public void Dispose() => _watched.ForEach(p => p.Dispose());
}
