using Xunit;

namespace PiLsp.Tests.Protocol;

public class ProtocolSchemaTests
{
    private static readonly string File = Path.Combine(ProtocolSchema.Root, "docs/protocol.schema.json");

    /// <summary>With PILSP_WRITE_SCHEMA=1, as scripts/protocol.mjs says it, the file becomes what it should be.</summary>
    [Fact]
    public void The_schema_in_the_docs_is_that_of_the_records()
    {
        var schema = ProtocolSchema.Write();
        if (Environment.GetEnvironmentVariable("PILSP_WRITE_SCHEMA") == "1")
            System.IO.File.WriteAllText(File, schema);
        Assert.True(
            System.IO.File.Exists(File) && System.IO.File.ReadAllText(File).ReplaceLineEndings("\n") == schema,
            "docs/protocol.schema.json is not what server/Protocol says any more: node scripts/protocol.mjs");
    }
}
