using System.Text;

namespace PiLsp.Agents;

/// <summary>
/// What a program wrote for a terminal as the text that stood there in the end: no codes (ECMA-48), a line that was
/// written over as it was written last. Reads a stream in whatever pieces it comes. Owned by one reader.
/// </summary>
/// <param name="writesOver">False: a lone carriage return ends a line, as in a file.</param>
internal sealed class TerminalText(bool writesOver = true)
{
    /// <summary>Of a longer line that an earlier piece began nothing can be taken back but all of it.</summary>
    private const int LongestKept = 4096;

    private readonly StringBuilder _out = new();
    private readonly StringBuilder _parameters = new();
    private State _state;
    private bool _atStart;

    /// <summary>The unfinished line as earlier pieces gave it.</summary>
    private string _begun = "";
    private bool _hasBegun;

    private enum State { Text, Escape, Control, String, StringEnd }

    public static string Plain(string text, bool writesOver = true) => IsPlain(text) ? text : new TerminalText(writesOver).Read(text).Text;

    /// <returns>What comes to the text, and whether it takes the place of the line that is unfinished so far.</returns>
    public (string Text, bool ReplacesLine) Read(string piece)
    {
        _out.Clear();
        // Where the unfinished line begins in this piece's text; in the first line of it, what was there before stays in front.
        var (line, replaces) = (0, false);
        foreach (var c in piece)
        {
            switch (_state)
            {
                case State.Text:
                    Take(c);
                    break;
                case State.Escape:
                    // What stands between ESC and its last character chooses a character set and the like.
                    _state = c switch
                    {
                        '[' => State.Control,
                        ']' or 'P' or 'X' or '^' or '_' => State.String,
                        >= ' ' and <= '/' => State.Escape,
                        _ => State.Text,
                    };
                    _parameters.Clear();
                    if (c < ' ')
                        Take(c);
                    break;
                case State.Control when c is >= ' ' and <= '?':
                    if (_parameters.Length < 16)
                        _parameters.Append(c);
                    break;
                case State.Control:
                    _state = State.Text;
                    if (c is >= '@' and <= '~')
                        Obey(c);
                    else
                        Take(c);
                    break;
                // One that never ends must not hide what comes after it.
                case State.String when c is '\n':
                    _state = State.Text;
                    Take(c);
                    break;
                case State.String when c is '\a' or '\u009C' or '\u0018' or '\u001A':
                    _state = State.Text;
                    break;
                case State.String when c is '\u001B':
                    _state = State.StringEnd;
                    break;
                case State.StringEnd:
                    _state = State.Text;
                    if (c != '\\')
                        goto case State.Escape;
                    break;
            }
        }

        var text = _out.ToString();
        var rest = text[line..];
        _begun = line > 0 || replaces ? rest : _begun.Length + rest.Length > LongestKept ? "" : _begun + rest;
        _hasBegun = line > 0 || replaces ? rest.Length > 0 : _hasBegun || rest.Length > 0;
        return (text, replaces);

        void Take(char c)
        {
            switch (c)
            {
                case '\u001B':
                    _state = State.Escape;
                    break;
                case '\u009B':
                    _state = State.Control;
                    _parameters.Clear();
                    break;
                case '\u0090' or '\u0098' or '\u009D' or '\u009E' or '\u009F':
                    _state = State.String;
                    break;
                case '\n':
                    _atStart = false;
                    _out.Append('\n');
                    line = _out.Length;
                    break;
                case '\r':
                    if (_atStart && !writesOver)
                        _out.Append('\n');
                    _atStart = true;
                    break;
                case '\b' when writesOver:
                    TakeBack();
                    break;
                case '\t' or (>= ' ' and not (>= '\u007F' and < '\u00A0')):
                    if (_atStart && writesOver)
                        Clear();
                    else if (_atStart)
                    {
                        _out.Append('\n');
                        line = _out.Length;
                    }

                    _atStart = false;
                    _out.Append(c);
                    break;
            }
        }

        void Obey(char last)
        {
            if (!writesOver)
                return;
            if (last == 'G' && _parameters.ToString() is "" or "0" or "1")
                _atStart = true;
            else if (last == 'K' && (_parameters.ToString() == "2" || (_atStart && _parameters.ToString() is "" or "0")))
                Clear();
        }

        void Clear()
        {
            replaces |= line == 0 && _hasBegun;
            _out.Length = line;
        }

        void TakeBack()
        {
            if (_out.Length > line)
                _out.Length -= _out.Length - line > 1 && char.IsLowSurrogate(_out[^1]) ? 2 : 1;
            else if (line == 0 && !replaces && _begun.Length > 0)
            {
                replaces = true;
                _out.Append(_begun, 0, _begun.Length - (_begun.Length > 1 && char.IsLowSurrogate(_begun[^1]) ? 2 : 1));
            }
        }
    }

    private static bool IsPlain(string text)
    {
        foreach (var c in text)
        {
            if ((c < ' ' && c is not ('\n' or '\t')) || c is >= '\u007F' and < '\u00A0')
                return false;
        }

        return true;
    }
}
