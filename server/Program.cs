using PiLsp;

return await CommandLine.RunAsync(args);
