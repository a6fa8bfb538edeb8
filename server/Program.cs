using PiLsp;
using PiLsp.Lsp;

// What the first answer needs longest to set up: another core does it while this one reads the arguments.
_ = Task.Run(() => (LspJson.Default.InitializeParams, LspJson.Default.InitializeResult));
return await CommandLine.RunAsync(args);
