namespace PiLsp.Protocol;

// What can be done about what is wrong.

/// <summary>
/// Something that the user can do about what is wrong; a client says it in its own words. Kinds that a client does not know are to be
/// ignored.
/// </summary>
internal sealed record NextStep(
    [OneOf("signIn", "apiKey", "installPi", "installNode", "pickModel", "retry", "compact", "trust", "settings", IsOpen = true)] string Kind,
    [Description("The provider that it is about.")] string? Provider,
    [Description("A line for the user's terminal that does it.")] string? Command);

/// <summary>The <c>data</c> of an error that a command is answered with.</summary>
internal sealed record ErrorData([Description("What the user can do about it.")] IReadOnlyList<NextStep>? Next);
