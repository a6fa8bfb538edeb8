namespace PiLsp.Sessions.Waiting;

/// <summary>What was begun for a session and can be withdrawn, by key; all of it is when the session closes. On the session's loop.</summary>
internal sealed class Withdrawable<TKey>(CancellationToken closing) where TKey : notnull
{
    private readonly Dictionary<TKey, CancellationTokenSource> _begun = [];

    public IEnumerable<TKey> Keys => _begun.Keys;

    /// <summary>Cancelled when it is withdrawn. What was begun under the key before goes on, and cannot be withdrawn any more.</summary>
    public CancellationToken Begin(TKey key)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(closing);
        _begun[key] = source;
        return source.Token;
    }

    public void Withdraw(TKey key)
    {
        if (!_begun.Remove(key, out var source))
            return;
        source.Cancel();
        source.Dispose();
    }

    /// <summary>It is over by itself.</summary>
    public void Forget(TKey key)
    {
        if (_begun.Remove(key, out var source))
            source.Dispose();
    }
}
