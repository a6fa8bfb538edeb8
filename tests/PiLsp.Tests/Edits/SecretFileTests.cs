using PiLsp.Edits;
using Xunit;

namespace PiLsp.Tests.Edits;

public class SecretFileTests
{
    [Theory]
    [InlineData("/w/.env")]
    [InlineData("/w/.ENV.local")]
    [InlineData("/w/prod.env")]
    [InlineData("/w/.envrc")]
    [InlineData("/home/u/.ssh/id_rsa")]
    [InlineData("/home/u/.ssh/config")]
    [InlineData("/w/keys/id_ed25519_work")]
    [InlineData("/w/server.pem")]
    [InlineData("/home/u/.aws/credentials")]
    [InlineData("/home/u/.config/gh/hosts.yml")]
    [InlineData("/home/u/.docker/config.json")]
    [InlineData("/home/u/.pi/agent/auth.json")]
    [InlineData("/home/u/.bash_history")]
    [InlineData("/w/deploy/client-secret.json")]
    [InlineData("/w/google-service-account.json")]
    [InlineData(@"C:\Users\u\.ssh\id_rsa")]
    [InlineData("/etc/shadow")]
    [InlineData("/w/infra/terraform.tfstate")]
    public void Keys_and_credentials(string path) => Assert.NotNull(SecretFile.Why(path));

    [Theory]
    [InlineData("/w/.env.example")]
    [InlineData("/w/.env.sample")]
    [InlineData("/w/config/secrets.template.yml")]
    [InlineData("/w/src/SecretService.cs")]
    [InlineData("/w/src/credentials.test.ts")]
    [InlineData("/w/environment.ts")]
    [InlineData("/w/src/env.js")]
    [InlineData("/home/u/.ssh/id_rsa.pub")]
    [InlineData("/home/u/.ssh/known_hosts")]
    [InlineData("/w/.vscode/settings.json")]
    [InlineData("/usr/include/stdio.h")]
    [InlineData("/w/docker/config.json")]
    [InlineData("/w/keyboard.txt")]
    public void What_is_about_them_or_meant_to_be_read(string path) => Assert.Null(SecretFile.Why(path));
}
