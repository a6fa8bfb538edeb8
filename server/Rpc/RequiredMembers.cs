using System.Text.Json.Serialization.Metadata;

namespace PiLsp.Rpc;

/// <summary>
/// What a peer must say and did not. Whatever a handler takes for given (a parameter of a record that may not be null) is
/// there, or the peer hears by name what is missing. Lists are not looked into. Pure.
/// </summary>
internal static class RequiredMembers
{
    /// <summary>The path of the first that is missing, empty where all parameters are; null where nothing is missing.</summary>
    public static string? Missing(object? value, JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
            return null;
        foreach (var property in type.Properties)
        {
            if (property is not { AssociatedParameter: { IsNullable: false, HasDefaultValue: false }, Get: { } get } || property.PropertyType.IsValueType)
                continue;
            if (value is null)
                return "";
            var member = get(value);
            if (member is null)
                return property.Name;
            if (type.Options.TryGetTypeInfo(property.PropertyType, out var inner) && Missing(member, inner) is { } below)
                return $"{property.Name}.{below}";
        }

        return null;
    }
}
