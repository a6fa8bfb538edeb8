
namespace PiLsp.Tests.Workspace;

/// <summary>A folder of one test, gone after it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = PiLsp.Workspace.WorkspacePath.ResolveLinks(Directory.CreateTempSubdirectory("pilsp-").FullName)!;

    public string At(string relative) => Path.Combine(_path, relative);

    public string Write(string relative, byte[] content)
    {
        File.WriteAllBytes(At(relative), content);
        return At(relative);
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
