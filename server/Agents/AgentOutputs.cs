using System.Threading.Channels;

namespace PiLsp.Agents;

/// <summary>What an agent says, in its order, for one reader; over behind <see cref="AgentExited"/>.</summary>
internal abstract class AgentOutputs : ChannelReader<AgentOutput>
{
    /// <summary>
    /// Set by the reader while it will look again by itself before long: text that streams in then wakes nobody, and is
    /// joined where it waits. Everything else is told of at once, and the text before it with it.
    /// </summary>
    public abstract bool TextCanWait { set; }
}
