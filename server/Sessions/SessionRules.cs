using System.Collections.Immutable;
using PiLsp.Edits;

namespace PiLsp.Sessions;

/// <summary>What a session lives by: what the settings say, and what the user has said for this session alone.</summary>
internal sealed record SessionRules
{
    /// <summary>The setting as last heard, to tell a change of the setting from a change for this session.</summary>
    public required PermissionMode ModeSetting { get; init; }

    /// <summary>What the user has chosen for this session.</summary>
    public PermissionMode? ModeHere { get; init; }

    public PermissionMode Mode => ModeHere ?? ModeSetting;

    /// <summary>False: nothing may be loosened here.</summary>
    public bool Trusted { get; init; } = true;

    /// <summary>The mode that counts.</summary>
    public PermissionMode EffectiveMode => PermissionPolicy.Cap(Mode, Trusted);

    /// <summary>What the user allowed for this session.</summary>
    public ImmutableList<Allowance> Allowances { get; init; } = [];

    public int LastAllowance { get; init; }

    /// <summary>Those that count: none where the workspace is not trusted.</summary>
    public IEnumerable<Allowance> EffectiveAllowances => Trusted ? Allowances : [];

    /// <summary>Tools that only look and may run unasked, where the workspace is trusted.</summary>
    public ImmutableArray<string> LookingTools { get; init; } = [];

    /// <summary>Commands that only look may run unasked, where the workspace is trusted.</summary>
    public bool LookingCommands { get; init; }

    /// <summary>How an edit reaches the user in this client.</summary>
    public required ApprovalWay Approval { get; init; }

    /// <summary>Whether consent for other tools can be asked for at all.</summary>
    public required bool CanAskConsent { get; init; }

    /// <summary>Edits are decided when the run is over: the setting <c>pi.review</c>.</summary>
    public bool ReviewAtEnd { get; init; }

    /// <summary>How long an unused agent is kept; zero: for ever.</summary>
    public TimeSpan IdleAfter { get; init; }

    public SessionRules Allowing(Allowance added) =>
        this with { LastAllowance = LastAllowance + 1, Allowances = Allowances.Add(added with { Id = $"w{LastAllowance + 1}" }) };

    /// <param name="id">Null: all of them.</param>
    public SessionRules Revoking(string? id) => this with { Allowances = Allowances.RemoveAll(a => id is null || a.Id == id) };

    /// <summary>New settings. A mode that the user chose for this session stands until the setting itself changes, an allowance until it is revoked.</summary>
    public SessionRules Under(SessionRules settings) => settings with
    {
        ModeHere = settings.ModeSetting == ModeSetting ? ModeHere : null,
        Allowances = Allowances,
        LastAllowance = LastAllowance,
    };
}

/// <summary>How proposals reach the user: the setting <c>pi.approval</c>, with <c>auto</c> resolved for the client.</summary>
internal enum ApprovalWay
{
    /// <summary>Nobody can be asked: edits are refused.</summary>
    None,

    /// <summary>They wait for the commands, code actions, lenses or the client's own review.</summary>
    Commands,

    /// <summary>One message request at a time.</summary>
    Message,

    /// <summary>A workspace edit whose changes need confirmation in the editor.</summary>
    Preview,
}
