using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PiLsp.Json;

namespace PiLsp.Server.Commands;

/// <summary>A command's argument is not what its record says, or says too much; the router adds the command's name.</summary>
internal sealed class WrongArgumentException(string what) : Exception(what);

/// <summary>
/// The one object argument of a command as its record. What does not fit is refused by the field's name: it is looked for
/// along the record's own contract, before that reads anything. A field that is null counts as left out. Pure.
/// </summary>
internal static class ArgumentReader
{
    private static readonly JsonElement _nothing = JsonElement.Parse("{}"u8);

    public static T Read<T>(JsonTypeInfo<T> type, IReadOnlyList<JsonElement>? arguments) where T : class
    {
        var given = arguments is [var first, ..] && first.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null) ? first : _nothing;
        if (given.ValueKind != JsonValueKind.Object)
            throw new WrongArgumentException("the argument must be one object");
        foreach (var property in Fields(type, given))
        {
            var value = given.Child(property.Name);
            if (value is { } there)
                Check(there, property.PropertyType, property.Name, type.Options);
            if (IsRequired(property) && value is null or { ValueKind: JsonValueKind.String } && value?.ValueEquals("") != false)
                throw new WrongArgumentException($"\"{property.Name}\" is missing");
        }

        return given.Deserialize(type)!;
    }

    /// <param name="name">Where it is, as the user wrote it: what is in a list begins anew.</param>
    private static void Check(JsonElement value, Type declared, string name, JsonSerializerOptions options)
    {
        var wanted = Nullable.GetUnderlyingType(declared) ?? declared;
        if (wanted == typeof(JsonElement))
            return;
        if (wanted == typeof(string))
            Require(value.ValueKind == JsonValueKind.String, name, "a string");
        else if (wanted == typeof(bool))
            Require(value.ValueKind is JsonValueKind.True or JsonValueKind.False, name, "true or false");
        else if (wanted == typeof(int))
            Require(value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _), name, "a whole number");
        else if (wanted.IsEnum)
            CheckWord(value, wanted, name);
        else if (wanted == typeof(Lsp.Range))
            CheckRange(value, name);
        else
            CheckWhole(value, options.GetTypeInfo(wanted), name);
    }

    private static void CheckWhole(JsonElement value, JsonTypeInfo type, string name)
    {
        if (type.Kind == JsonTypeInfoKind.Enumerable)
        {
            var ofTexts = type.ElementType == typeof(string);
            var kind = ofTexts ? JsonValueKind.String : JsonValueKind.Object;
            var isList = value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(i => i.ValueKind == kind);
            Require(isList, name, ofTexts ? "a list of strings" : "a list of objects");
            if (ofTexts)
                return;
            foreach (var item in value.EnumerateArray())
                CheckFields(item, type.Options.GetTypeInfo(type.ElementType!), "");
            return;
        }

        Require(value.ValueKind == JsonValueKind.Object, name, "an object");
        CheckFields(value, type, name + ".");
    }

    private static void CheckFields(JsonElement value, JsonTypeInfo type, string prefix)
    {
        foreach (var property in Fields(type, value))
        {
            if (value.Child(property.Name) is { } inner)
                Check(inner, property.PropertyType, prefix + property.Name, type.Options);
            else if (IsRequired(property))
                Check(default, property.PropertyType, prefix + property.Name, type.Options);
        }
    }

    /// <summary>Of a record that comes in several kinds those of the kind it names.</summary>
    private static IList<JsonPropertyInfo> Fields(JsonTypeInfo type, JsonElement value)
    {
        if (type.PolymorphismOptions is not { TypeDiscriminatorPropertyName: var field, DerivedTypes: var kinds })
            return type.Properties;
        if (value.Child(field) is not { ValueKind: JsonValueKind.String } kind)
            throw new WrongArgumentException($"\"{field}\" must be a string");
        foreach (var one in kinds)
        {
            if (kind.ValueEquals((string)one.TypeDiscriminator!))
                return type.Options.GetTypeInfo(one.DerivedType).Properties;
        }

        var what = type.Type.Name.ToLowerInvariant();
        var words = string.Join(", ", kinds.Select(k => k.TypeDiscriminator));
        throw new WrongArgumentException($"there is no {what} of the {field} \"{kind.GetString()}\"; there are {words}");
    }

    /// <summary>By what the record says: a field that may be null may be left out.</summary>
    private static bool IsRequired(JsonPropertyInfo property) =>
        property.PropertyType.IsValueType ? Nullable.GetUnderlyingType(property.PropertyType) is null : !property.IsSetNullable;

    private static void CheckWord(JsonElement value, Type words, string name)
    {
        var all = Enum.GetNames(words).Select(word => char.ToLowerInvariant(word[0]) + word[1..]).ToList();
        Require(value.ValueKind == JsonValueKind.String && all.Contains(value.GetString()!), name, $"one of {string.Join(", ", all)}");
    }

    private static void CheckRange(JsonElement value, string name)
    {
        Require(value.ValueKind == JsonValueKind.Object, name, "an LSP range");
        foreach (var end in new[] { "start", "end" })
            Require(value.Child(end) is { ValueKind: JsonValueKind.Object } at && IsWhole(at, "line") && IsWhole(at, "character"), end, "an LSP position");
    }

    private static bool IsWhole(JsonElement of, string name) => of.Child(name) is { ValueKind: JsonValueKind.Number } e && e.TryGetInt32(out var n) && n >= 0;

    private static void Require(bool holds, string name, string what)
    {
        if (!holds)
            throw new WrongArgumentException($"\"{name}\" must be {what}");
    }
}
