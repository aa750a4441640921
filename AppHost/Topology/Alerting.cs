namespace RecoAspire.Topology;

/// <summary>Where alerts go. Credentials are secrets and stand nowhere here.</summary>
public sealed record Alerting
{
    /// <summary>Folder of the published runbooks; an alert's own is <c>{url}/{name}.md</c>.</summary>
    public string RunbooksUrl { get; init; } = "https://github.com/recoaspire/recoaspire/blob/main/aspire-manifest/monitoring/runbooks";

    /// <summary>Who expects a sign of life and calls for help without it: an https address that takes a POST with a bearer token.</summary>
    public string WatchdogUrl { get; init; } = "https://watchdog.tv5monde.com/recoaspire";

    /// <summary>The chat's channel for what can wait for the day.</summary>
    public string Channel { get; init; } = "#recoaspire-alerts";
}
