using System.Collections.Immutable;
using PiLsp.Agents;
using PiLsp.Sessions.Lanes;
using PiLsp.Workspace;

namespace PiLsp.Sessions;

/// <summary>What goes on once a file has been read.</summary>
internal abstract record Loading
{
    public abstract string Path { get; }

    /// <summary>The request of the agent's that waits for it.</summary>
    public virtual ToolRequest? Request => null;

    /// <summary>What the editor said of the file while it was being read: maybe newer than what was read.</summary>
    public FileSnapshot? Seen { get; init; }

    internal sealed record ForRead(FileReadRequested Read) : Loading
    {
        public override string Path => Read.Path;

        public override ToolRequest Request => Read;

        /// <summary>What the user has allowed to be read.</summary>
        public PrivateFile? Allowed { get; init; }
    }

    internal sealed record ForLook(LookRequested Look) : Loading
    {
        public override string Path => Look.Path;

        public override ToolRequest Request => Look;
    }

    /// <summary>What a command that only looks would read.</summary>
    /// <param name="Paths">Those that are still to be looked at.</param>
    internal sealed record ForCommand(ConsentRequested Consent, ImmutableList<string> Paths) : Loading
    {
        public override string Path => Paths[0];

        public override ToolRequest Request => Consent;
    }

    internal sealed record ForWrite(FileWriteRequested Write) : Loading
    {
        public override string Path => Write.Path;

        public override ToolRequest Request => Write;
    }

    internal sealed record ForLane(ApplyOrder Order) : Loading
    {
        public override string Path => Order.Path;
    }
}
