namespace RecoAspire.Hosting.Running;

/// <summary>What a newcomer wants to see first: where everything is, and one line to try.</summary>
internal static class AddressTable
{
    public static IEnumerable<string> Lines(IEnumerable<IResource> resources)
    {
        var listening = resources.OfType<IResourceWithEndpoints>().Where(r => Endpoints(r).Any()).OrderByDescending(r => Endpoints(r).Any(e => e.IsExternal)).ToList();
        var width = listening.Select(r => r.Name.Length).DefaultIfEmpty(0).Max();
        yield return "";
        yield return "Everything is up:";
        foreach (var resource in listening)
        {
            var addresses = string.Join("   ", Endpoints(resource).Select(e => $"{e.Name} {Url(e)}"));
            yield return $"  {resource.Name.PadRight(width)}   {addresses}";
        }

        if (listening.SelectMany(Endpoints).FirstOrDefault(e => e.IsExternal) is not { } api) yield break;
        yield return "";
        yield return $"API and documentation: {Url(api)}";
        yield return $"Try:                   curl '{Url(api)}/api/recommendations?userId=demo-0001'";
    }

    private static IEnumerable<EndpointAnnotation> Endpoints(IResourceWithEndpoints resource) =>
        resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.AllocatedEndpoint is not null);

    private static string Url(EndpointAnnotation endpoint) => $"{endpoint.UriScheme}://localhost:{endpoint.AllocatedEndpoint!.Port}";
}
