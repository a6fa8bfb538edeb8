using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using PiLsp.Agents;

namespace PiLsp.Sessions;

// What the agents say, one after the other: the last words of one that has ended before the first of the next.
internal sealed partial class AgentSupervisor
{
    /// <summary>The agents whose outputs are not read to the end: the present one, behind those that are ending.</summary>
    private readonly ConcurrentQueue<IAgent> _speaking = new();
    private TaskCompletionSource _speaks = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _lastSaidIsEnd;

    /// <summary>The next output of whichever agent there is. For the session's loop alone, and taken from where the agent's reader put it.</summary>
    public bool TryRead([NotNullWhen(true)] out AgentOutput? output)
    {
        while (_speaking.TryPeek(out var agent))
        {
            var isOver = agent.Outputs.Completion.IsCompleted;
            if (agent.Outputs.TryRead(out output))
            {
                _lastSaidIsEnd = output is AgentExited;
                // The supervisor is free before anybody hears of the end, so that a next ask starts a new agent.
                if (_lastSaidIsEnd)
                    Vacate(agent);
                output = WithSpelledPath(output);
                return true;
            }

            if (!isOver)
                return false;
            Finish(agent);
            var saidSo = _lastSaidIsEnd;
            _lastSaidIsEnd = false;
            if (!saidSo)
            {
                output = new AgentExited("Pi's output ended.", Expected: false);
                return true;
            }
        }

        output = null;
        return false;
    }

    /// <summary>Completes when there is something to read that the loop is to be woken for. For the session's loop alone.</summary>
    public async Task WaitAsync()
    {
        while (true)
        {
            var speaks = Volatile.Read(ref _speaks);
            if (_speaking.TryPeek(out var agent))
            {
                await agent.Outputs.WaitToReadAsync();
                return;
            }

            await speaks.Task;
        }
    }

    private AgentOutput WithSpelledPath(AgentOutput output) => output switch
    {
        FileReadRequested read => read with { Path = Spelled(read.Path) },
        LookRequested look => look with { Path = Spelled(look.Path) },
        FileWriteRequested write => write with { Path = Spelled(write.Path) },
        _ => output,
    };
}
