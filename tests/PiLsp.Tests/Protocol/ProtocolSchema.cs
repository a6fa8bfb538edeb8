using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using PiLsp.Protocol;

namespace PiLsp.Tests.Protocol;

/// <summary>
/// The protocol's records as one JSON Schema: docs/protocol.schema.json, from which scripts/protocol.mjs makes what the clients
/// and the docs have of it. Made here and not by the server, which has no use for the attributes that describe the fields.
/// </summary>
internal sealed partial class ProtocolSchema
{
    /// <summary>Names that a record cannot have beside one of the domain's end so; outside nobody knows of that.</summary>
    private const string Suffix = "Reply";

    private readonly SortedDictionary<string, JsonNode> _definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Type> _named = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _files = Files();

    public static string Write()
    {
        var schema = new ProtocolSchema();
        var commands = new JsonObject(WireCommands.All.Select(command => KeyValuePair.Create<string, JsonNode?>(command.Name, schema.Of(command))));
        var messages = new JsonObject(WireMessages.All.Select(message => KeyValuePair.Create<string, JsonNode?>(message.Method, schema.Of(message))));
        var whole = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "The protocol of PiLsp beyond LSP",
            ["description"] = "Made from server/Protocol by scripts/protocol.mjs. A field that is not required is left out where there is nothing to say.",
            ["commands"] = commands,
            ["messages"] = messages,
            ["$defs"] = new JsonObject(schema._definitions.Select(d => KeyValuePair.Create<string, JsonNode?>(d.Key, d.Value))),
        };
        var options = new JsonSerializerOptions(ProtocolJson.Default.Options)
        {
            WriteIndented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        return whole.ToJsonString(options) + "\n";
    }

    private JsonObject Of(ServerCommand command)
    {
        var of = new JsonObject();
        if (command.ArgumentInfo.Type != typeof(NoArgument))
            of["argument"] = Reference(command.ArgumentInfo);
        of["result"] = Reference(command.ResultInfo);
        Describe(of, Field(typeof(WireCommands), command));
        return of;
    }

    private JsonObject Of(ServerMessage message)
    {
        var field = Field(typeof(WireMessages), message);
        var capability = field.GetCustomAttribute<ForClientsWithAttribute>()!.Capability;
        var of = new JsonObject { ["capability"] = capability, ["params"] = Reference(message.ParamsInfo) };
        if (message.ResultInfo is { } result)
            of["result"] = result.Type == typeof(JsonElement) ? new JsonObject() : Reference(result);
        Describe(of, field);
        return of;
    }

    private static FieldInfo Field(Type list, object entry) => list.GetFields().Single(f => ReferenceEquals(f.GetValue(null), entry));

    private static void Describe(JsonObject node, MemberInfo by)
    {
        if (by.GetCustomAttribute<DescriptionAttribute>() is { } said)
            node["description"] = said.Description;
    }

    private JsonObject Reference(JsonTypeInfo type)
    {
        var name = NameOf(type.Type);
        if (!_named.TryAdd(name, type.Type))
        {
            if (_named[name] != type.Type)
                throw new InvalidOperationException($"{type.Type.Name} and {_named[name].Name} would both be called {name} outside: name one otherwise");
        }
        else
        {
            _definitions.Add(name, new JsonObject());
            _definitions[name] = Define(type);
        }

        return new JsonObject { ["$ref"] = $"#/$defs/{name}" };
    }

    private JsonObject Define(JsonTypeInfo type)
    {
        var definition = new JsonObject { ["x-file"] = _files.GetValueOrDefault(type.Type.Name, "Lsp") };
        Describe(definition, type.Type);
        if (type.PolymorphismOptions is { } kinds)
        {
            if (kinds.DerivedTypes[0].TypeDiscriminator is not null)
                definition["x-discriminator"] = kinds.TypeDiscriminatorPropertyName;
            definition["oneOf"] = new JsonArray([.. kinds.DerivedTypes.Select(k => Reference(type.Options.GetTypeInfo(k.DerivedType)))]);
            return definition;
        }

        var options = new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform };
        foreach (var (key, value) in JsonSchemaExporter.GetJsonSchemaAsNode(type, options).AsObject().ToList())
        {
            value?.Parent?.AsObject().Remove(key);
            definition[key] = value;
        }

        if (type.Kind != JsonTypeInfoKind.Object)
        {
            definition["type"] = "string";
            return definition;
        }

        // What all kinds have comes first.
        var properties = new JsonObject();
        foreach (var property in type.Properties.OrderBy(p => p.DeclaringType == type.Type ? 1 : 0))
            properties[property.Name] = definition["properties"]![property.Name]!.DeepClone();
        var required = new JsonArray([.. type.Properties.Where(IsAlwaysThere).Select(p => (JsonNode)p.Name)]);
        if (Kind(type.Type) is var (field, word))
        {
            properties.Insert(0, field, new JsonObject { ["const"] = word });
            required.Insert(0, field);
        }

        definition["type"] = "object";
        definition["properties"] = properties;
        definition["required"] = required;
        return definition;
    }

    private JsonNode Transform(JsonSchemaExporterContext context, JsonNode node)
    {
        if (context.Path.IsEmpty)
            return node;
        var type = context.TypeInfo;
        if (Nullable.GetUnderlyingType(type.Type) is { } inner)
            type = type.Options.GetTypeInfo(inner);
        var described = node switch
        {
            _ when type.Type == typeof(JsonElement) => [],
            _ when type.Kind == JsonTypeInfoKind.Object || type.Type.IsEnum => Reference(type),
            _ => node.AsObject(),
        };
        if (context.PropertyInfo is not { } property)
            return described;
        described.Remove("default");
        if (described["type"] is JsonArray types && !IsAlwaysThere(property))
            described["type"] = types.Select(t => (string)t!).First(t => t != "null");
        if (Attribute<OneOfAttribute>(property) is { } words)
        {
            var of = type.Kind == JsonTypeInfoKind.Enumerable ? described["items"]!.AsObject() : described;
            of["enum"] = new JsonArray([.. words.Words.Select(w => (JsonNode)w)]);
            if (words.IsOpen)
                of["x-open"] = true;
        }

        if (Attribute<DescriptionAttribute>(property) is { } said)
            described["description"] = said.Description;
        return described;
    }

    /// <summary>Whether it may be null, or is written out all the same.</summary>
    private static bool IsAlwaysThere(JsonPropertyInfo property) =>
        Attribute<JsonIgnoreAttribute>(property)?.Condition == JsonIgnoreCondition.Never
        || (property.PropertyType.IsValueType ? Nullable.GetUnderlyingType(property.PropertyType) is null : !property.IsGetNullable);

    /// <summary>On the property, or on the parameter that it is made of.</summary>
    private static T? Attribute<T>(JsonPropertyInfo property) where T : Attribute
    {
        var member = property.DeclaringType.GetProperties().Single(p =>
            p.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name == property.Name || JsonNamingPolicy.CamelCase.ConvertName(p.Name) == property.Name);
        return member.GetCustomAttribute<T>()
            ?? property.DeclaringType.GetConstructors().SelectMany(c => c.GetParameters()).Where(p => p.Name == member.Name)
                .Select(p => p.GetCustomAttribute<T>()).OfType<T>().FirstOrDefault();
    }

    private static (string Field, string Word)? Kind(Type type) =>
        type.BaseType?.GetCustomAttribute<JsonPolymorphicAttribute>() is { TypeDiscriminatorPropertyName: { } field }
            ? (field, (string)type.BaseType.GetCustomAttributes<JsonDerivedTypeAttribute>().Single(d => d.DerivedType == type).TypeDiscriminator!) : null;

    private static string NameOf(Type type) => type.Name.EndsWith(Suffix, StringComparison.Ordinal) ? type.Name[..^Suffix.Length] : type.Name;

    /// <summary>In which file each record stands: what belongs together is together in what is made of it, too.</summary>
    private static Dictionary<string, string> Files() => Directory.GetFiles(Path.Combine(Root, "server/Protocol"), "*.cs")
        .SelectMany(file => Declared().Matches(File.ReadAllText(file)).Select(m => (Name: m.Groups[1].Value, File: Path.GetFileNameWithoutExtension(file))))
        .ToDictionary(d => d.Name, d => d.File);

    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), "../../.."));

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    [GeneratedRegex(@"^internal (?:sealed |abstract )?(?:record|enum) (\w+)(?!\w|<)", RegexOptions.Multiline)]
    private static partial Regex Declared();
}
