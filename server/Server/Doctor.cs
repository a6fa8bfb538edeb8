namespace PiLsp.Server;
internal static class Doctor { public static Task<int> RunAsync(PiSettings s, bool json, PiLsp.Agents.IAgentFactory f, Stream o, CancellationToken c) => Task.FromResult(0); }
