using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using PiLsp.Sessions;

namespace PiLsp.Tests.Golden;

/// <summary>
/// The core's messages, effects and state as JSON, the same text for the same value on every machine: properties and
/// keys in ordinal order, subtypes by name. What has its default is left out, so that a field that is added to a record
/// changes nothing until it is used.
/// </summary>
internal static class Canonical
{
    private static readonly JsonSerializerOptions Options = new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { Shape } },
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(), new OrderedDictionaries(), new Printed<Deadline>(DeadlineOf), new Printed<QuestionKey>(QuestionOf) },
    };

    public static string Text<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(string text) => JsonSerializer.Deserialize<T>(text, Options) ?? throw new JsonException($"no {typeof(T).Name}: {text}");

    /// <summary>Each property of the state that has not its default.</summary>
    public static SortedDictionary<string, string> Parts(SessionState state) => new(
        JsonSerializer.SerializeToElement(state, Options).EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetRawText()), StringComparer.Ordinal);

    private static void Shape(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
            return;
        if (type.Type.IsAbstract)
        {
            type.PolymorphismOptions = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = "$" };
            foreach (var derived in type.Type.Assembly.GetTypes().Where(t => !t.IsAbstract && t.IsSubclassOf(type.Type) && t != typeof(Reached)))
                type.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(derived, derived.Name));
        }

        var plain = Plain(type.Type);
        // What only follows from the rest is not compared by itself.
        foreach (var computed in type.Properties.Where(p => p.Set is null).ToList())
            type.Properties.Remove(computed);
        foreach (var (property, order) in type.Properties.OrderBy(p => p.Name, StringComparer.Ordinal).Select((p, i) => (p, i)))
        {
            property.Order = order;
            property.IsRequired = false;
            var usual = plain is null ? null : property.Get!(plain);
            property.ShouldSerialize = (_, value) => !IsUsual(value, usual, property.PropertyType);
        }
    }

    private static bool IsUsual(object? value, object? usual, Type type) => value switch
    {
        null => usual is null,
        JsonElement element => element.ValueKind == JsonValueKind.Undefined,
        IEnumerable items and not string when usual is IEnumerable => !items.GetEnumerator().MoveNext() && !((IEnumerable)usual).GetEnumerator().MoveNext(),
        // Records of lists are equal only where the lists are the same ones.
        not (string or ValueType) when usual is not null => JsonSerializer.Serialize(value, type, Options) == JsonSerializer.Serialize(usual, type, Options),
        _ => value.Equals(usual ?? (type.IsValueType && Nullable.GetUnderlyingType(type) is null ? Activator.CreateInstance(type) : null)),
    };

    /// <summary>A record of which nothing was said: its own initial values, and nothing for each parameter.</summary>
    private static object? Plain(Type type)
    {
        if (type.IsAbstract || type.GetConstructors().MaxBy(c => c.GetParameters().Length) is not { } constructor)
            return null;
        try
        {
            return constructor.Invoke(
                [.. constructor.GetParameters().Select(p => p.ParameterType.IsValueType ? Activator.CreateInstance(p.ParameterType) : null)]);
        }
        catch (TargetInvocationException)
        {
            return null;
        }
    }

    private static Deadline DeadlineOf(string text) => text.Split(':', 2) switch
    {
        ["answer", var delivery] => new Deadline.Answer(int.Parse(delivery, CultureInfo.InvariantCulture)),
        ["landed", var delivery] => new Deadline.Landed(int.Parse(delivery, CultureInfo.InvariantCulture)),
        ["outcome", var edit] => new Deadline.Outcome(edit),
        ["dialog", var request] => new Deadline.Dialog(request),
        ["abort"] => new Deadline.Abort(),
        ["shell"] => new Deadline.Shell(),
        ["idle"] => new Deadline.Idle(),
        ["events"] => new Deadline.Events(),
        ["edits"] => new Deadline.Edits(),
        _ => throw new JsonException($"no deadline: {text}"),
    };

    private static QuestionKey QuestionOf(string text) => text.Split(':', 2) switch
    {
        ["edit", var edit] => new QuestionKey.Edit(edit),
        ["review", var run] => new QuestionKey.Review(run),
        _ => new QuestionKey.Request(text),
    };

    /// <summary>As it prints.</summary>
    private sealed class Printed<T>(Func<string, T> read) : JsonConverter<T> where T : class
    {
        public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => read(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    private sealed class OrderedDictionaries : JsonConverterFactory
    {
        public override bool CanConvert(Type type) =>
            type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)
            && i.GetGenericArguments()[0] == typeof(string));

        public override JsonConverter CreateConverter(Type type, JsonSerializerOptions options) => (JsonConverter)Activator.CreateInstance(
            typeof(Ordered<,>)
                .MakeGenericType(type, type.GetInterfaces().First(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
                    .GetGenericArguments()[1]))!;
    }

    private sealed class Ordered<TDictionary, TValue> : JsonConverter<TDictionary> where TDictionary : IReadOnlyDictionary<string, TValue>
    {
        public override TDictionary Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            throw new NotSupportedException("No message carries a dictionary.");

        public override void Write(Utf8JsonWriter writer, TDictionary value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach (var (key, item) in value.OrderBy(p => p.Key, StringComparer.Ordinal))
            {
                writer.WritePropertyName(key);
                JsonSerializer.Serialize(writer, item, options);
            }

            writer.WriteEndObject();
        }
    }
}
