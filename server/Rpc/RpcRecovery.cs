using System.Buffers;
using System.Text.Json;
using StreamJsonRpc;

namespace PiLsp.Rpc;

/// <summary>
/// Looks for the id in text that is not JSON, so that the peer's request fails instead of waiting for ever.
/// Pure; a wrong id would end somebody else's request, so what is doubtful counts as not found.
/// </summary>
internal static class RpcRecovery
{
    private static readonly SearchValues<byte> _numberEnds = SearchValues.Create(",} \t\r\n"u8);

    public static RpcBroken Recover(ReadOnlySpan<byte> text, string reason)
    {
        var id = RequestId.Null;
        bool method = false, response = false;
        var open = new Nesting();
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case (byte)'{' or (byte)'[':
                    open.Open(isObject: text[i] == '{');
                    break;
                case (byte)'}' or (byte)']':
                    open.Close(isObject: text[i] == '}');
                    break;
                case (byte)'"':
                    var end = EndOfString(text, i);
                    var value = end < 0 ? -1 : ValueAfter(text, end);
                    if (value >= 0 && open.Depth == 1)
                    {
                        var name = text[(i + 1)..(end - 1)];
                        method |= name.SequenceEqual("method"u8);
                        response |= name.SequenceEqual("result"u8) || name.SequenceEqual("error"u8);
                        if (id.IsNull && name.SequenceEqual("id"u8))
                            id = ReadId(text[value..]);
                    }

                    // A string that never ends swallows the rest.
                    i = end < 0 ? text.Length : end - 1;
                    break;
            }
        }

        return new RpcBroken(id, RpcErrorCodes.ParseError, reason) { HasMethod = method, LooksLikeResponse = response && !method };
    }

    /// <summary>The index after the closing quote, or -1.</summary>
    private static int EndOfString(ReadOnlySpan<byte> text, int quote)
    {
        for (var i = quote + 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '"')
                return i + 1;
        }

        return -1;
    }

    /// <summary>The index of the value when a colon follows, or -1.</summary>
    private static int ValueAfter(ReadOnlySpan<byte> text, int i)
    {
        i = SkipSpace(text, i);
        if (i >= text.Length || text[i] != ':')
            return -1;
        i = SkipSpace(text, i + 1);
        return i < text.Length ? i : -1;
    }

    private static int SkipSpace(ReadOnlySpan<byte> text, int i)
    {
        while (i < text.Length && text[i] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            i++;
        return i;
    }

    private static RequestId ReadId(ReadOnlySpan<byte> value)
    {
        var end = value[0] == '"' ? EndOfString(value, 0) : value.IndexOfAny(_numberEnds);
        // A number at the very end may have been cut.
        if (end <= 0)
            return RequestId.Null;
        try
        {
            return RpcFormatter.ToId(JsonElement.Parse(value[..end]));
        }
        catch (JsonException)
        {
            return RequestId.Null;
        }
    }

    private sealed class Nesting
    {
        private readonly Stack<bool> _isObject = new();
        private int _objects;

        public int Depth => _isObject.Count;

        public void Open(bool isObject)
        {
            _isObject.Push(isObject);
            _objects += isObject ? 1 : 0;
        }

        /// <summary>Closes what was left open inside, too: a missing bracket in the parameters does not hide the id behind them.</summary>
        public void Close(bool isObject)
        {
            if (isObject ? _objects == 0 : _objects == Depth)
                return;
            bool closed;
            do
            {
                closed = _isObject.Pop();
                _objects -= closed ? 1 : 0;
            }
            while (closed != isObject);
        }
    }
}
