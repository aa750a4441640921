namespace RecoAspire.Publishing.Kubernetes.Services;

/// <summary>Our own services, the platform under them and the regions' overlays.</summary>
public static class ServiceParts
{
    /// <summary>The parts, in the order in which they are written.</summary>
    public static IReadOnlyList<IPublishedPart> All { get; } =
        [new Platform(), new GatewayService(), new EventLogService(), new ViewServices(), new EmbeddingService(), new AgentDbService(), new OpsAccess(), new BaseIndex(), new RegionOverlays()];
}
