using System.Text.Json;
using System.Text.Json.Serialization;

namespace PiLsp.Protocol;

/// <summary>A choice among words, written as the protocol spells them; numbers are none.</summary>
internal sealed class Words<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;

/// <summary>What a record, a field, a command or a message is. For the schema; native code is made without it (ILLink.LinkAttributes.xml).</summary>
[AttributeUsage(AttributeTargets.All)]
internal sealed class DescriptionAttribute(string description) : Attribute
{
    public string Description { get; } = description;
}

/// <summary>The words that a text of the server's is one of. For the schema; nothing is checked by it.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class OneOfAttribute(params string[] words) : Attribute
{
    public IReadOnlyList<string> Words { get; } = words;

    /// <summary>Others may be added, or are somebody else's.</summary>
    public bool IsOpen { get; init; }
}

/// <summary>What a client announces in <c>capabilities.experimental.pi</c> to get a message.</summary>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class ForClientsWithAttribute(string capability) : Attribute
{
    public string Capability { get; } = capability;
}
