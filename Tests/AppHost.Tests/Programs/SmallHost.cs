using Microsoft.Extensions.Configuration;

namespace RecoAspire.Programs;

/// <summary>AppHosts of a few shells; <c>--scenario</c> says which.</summary>
internal static class SmallHost
{
    public static void Run(string[] args)
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = args, DisableDashboard = true });
        switch (builder.Configuration["scenario"])
        {
            case "fixed-port":
                Shell(builder, "web", "exec sleep 1000").WithHttpEndpoint(port: builder.Configuration.GetValue<int>("port"), name: "http");
                break;
            case "missing-program":
                builder.AddExecutable("tool", "no-such-program", ".");
                Shell(builder, "after", "exec sleep 1000").WaitFor(builder.CreateResourceBuilder(builder.Resources.OfType<ExecutableResource>().First()));
                break;
            case "circle":
                var one = Shell(builder, "one", "exec sleep 1000");
                one.WaitFor(Shell(builder, "two", "exec sleep 1000").WaitFor(one));
                break;
            case "same-name-twice":
                Shell(builder, "web", "exec sleep 1000");
                Shell(builder, "Web", "exec sleep 1000");
                break;
            case "container":
                builder.AddContainer("box", "acme/box", "1").WithHttpEndpoint(targetPort: 80, name: "http");
                break;
            default:
                // Each with a child of its own that would outlive a careless end.
                for (var i = 1; i <= 6; i++) Shell(builder, $"shell{i}", "sleep 1000 & echo up; sleep 1000; wait");
                break;
        }

        builder.Build().Run();
    }

    private static IResourceBuilder<ExecutableResource> Shell(IDistributedApplicationBuilder builder, string name, string script) =>
        builder.AddExecutable(name, "/bin/sh", ".", "-c", script);
}
