using RecoAspire.Programs;

if (args is ["server", ..]) await SmallServer.RunAsync();
else SmallHost.Run(args);
