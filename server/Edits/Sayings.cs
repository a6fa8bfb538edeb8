namespace PiLsp.Edits;

/// <summary>
/// What a text says and what it said before, asked for many hunks: the layout is taken out of both once, and not at all where
/// nothing has changed. For one thread.
/// </summary>
internal sealed class Sayings(string before, string now)
{
    private readonly bool _isSame = before == now;
    private string? _before;
    private string? _now;

    /// <summary>How many times more often than before this is said, whatever its layout; 0 for what says nothing.</summary>
    public int More(ReadOnlySpan<char> text)
    {
        if (_isSame || Layout.Bare(text) is not { Length: > 0 } bare)
            return 0;
        _before ??= Layout.Bare(before);
        _now ??= Layout.Bare(now);
        return _now.AsSpan().Count(bare) - _before.AsSpan().Count(bare);
    }
}
