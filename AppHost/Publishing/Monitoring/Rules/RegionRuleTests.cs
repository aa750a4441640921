namespace RecoAspire.Publishing.Monitoring.Rules;

/// <summary>Cases for <see cref="RegionRules"/>.</summary>
internal static class RegionRuleTests
{
    public static IReadOnlyList<RuleTest> Of(IReadOnlyList<string> services, IReadOnlyList<string> stores, IReadOnlyList<string> replicated, int vectorNodes) =>
    [
        Everything(services, stores, replicated, vectorNodes),
        Nothing(services, stores, replicated, vectorNodes),
        Services(services),
        new RuleTest("The gateways are up, but most of what they answer is errors, and it ends")
            .Given("up{job=\"gateway\",instance=\"a\"}", "1x30").Given("reco:api_errors:ratio_rate5m", "0.001x5 0.8x10 0.001x15")
            .Quiet("4m", "RegionDown").Fires("10m", "RegionDown").Quiet("20m", "RegionDown"),
        new RuleTest("Requests stop")
            .Given("reco:api_requests:rate5m", "100x10 0x30")
            .Quiet("20m", "NoRequests").Fires("30m", "NoRequests"),
        .. vectorNodes > 0 ? Vectors(vectorNodes) : [],
        .. stores.Select(store => new RuleTest($"One node of {store} is not ready, then it is")
            .Given(RegionRules.Wanted(store, Labels(store)), "3x30")
            .Given(RegionRules.Ready(store, Labels(store)), "3x5 2x10 3x15")
            .Quiet("4m", "StoreDown", store, stores).Fires("12m", "StoreDown", store, stores, "1").Quiet("20m", "StoreDown", store, stores)),
    ];

    // Only what the test is about; the other stores are not reported at all, so theirs fire too.
    private static RuleTest Quiet(this RuleTest test, string at, string alert, string store, IReadOnlyList<string> stores) => Others(test, at, alert, store, stores);

    private static RuleTest Fires(this RuleTest test, string at, string alert, string store, IReadOnlyList<string> stores, string value) =>
        Others(test.Fires(at, alert, value, ("store", store)), at, alert, store, stores);

    private static RuleTest Others(RuleTest test, string at, string alert, string store, IReadOnlyList<string> stores)
    {
        foreach (var other in stores)
        {
            if (other != store) test = test.Fires(at, alert, "1", ("store", other));
        }

        return stores.Count == 1 && test.Alerts.All(a => a.At != at) ? test.Quiet(at, alert) : test;
    }

    // Names as the workloads have them: neo4j-primary, scylladb-reco-rack-1.
    private static string Labels(string store) => store switch
    {
        "cache" => "namespace=\"recommendation\",deployment=\"cache\"",
        "neo4j" => "namespace=\"recommendation\",statefulset=\"neo4j-primary\"",
        "scylladb" => "namespace=\"scylladb\",statefulset=\"scylladb-reco-rack-1\"",
        _ => $"namespace=\"recommendation\",statefulset=\"{store}\"",
    };

    private static RuleTest Everything(IReadOnlyList<string> services, IReadOnlyList<string> stores, IReadOnlyList<string> replicated, int vectorNodes)
    {
        var test = new RuleTest("Everything is there: nothing fires").Given("reco:api_requests:rate5m", "100x60").Given("reco:api_errors:ratio_rate5m", "0.0001x60");
        foreach (var service in services) test = test.Given($"up{{job=\"{service}\",instance=\"a\"}}", "1x60");
        foreach (var store in replicated) test = test.Given($"replication_lag_seconds{{store=\"{store}\",from=\"us\",to=\"us\"}}", "0x60");
        foreach (var store in (IEnumerable<string>)[.. stores, .. vectorNodes > 0 ? ["qdrant"] : Array.Empty<string>()])
        {
            test = test
                .Given(RegionRules.Wanted(store, Labels(store)), "3x60")
                .Given(RegionRules.Ready(store, Labels(store)), "3x60");
        }

        foreach (var alert in (string[])["RegionDown", "NoRequests", "ServiceDown", "InstanceDown", "StoreDown", "ReplicationLagUnknown"]) test = test.Quiet("50m", alert);
        return vectorNodes > 0 ? test.Quiet("50m", "VectorDBDown").Quiet("50m", "VectorReplicasDead") : test;
    }

    private static RuleTest Nothing(IReadOnlyList<string> services, IReadOnlyList<string> stores, IReadOnlyList<string> replicated, int vectorNodes)
    {
        var test = new RuleTest("Nothing is there, not even the series: all of it fires")
            .Given("up{job=\"unrelated\"}", "1x30").Quiet("0m", "RegionDown").Fires("20m", "RegionDown").Fires("20m", "NoRequests");
        foreach (var service in services) test = test.Fires("20m", "ServiceDown", null, ("service", service));
        foreach (var store in stores) test = test.Fires("20m", "StoreDown", "1", ("store", store));
        foreach (var store in replicated) test = test.Fires("20m", "ReplicationLagUnknown", null, ("store", store));
        return vectorNodes > 0 ? test.Fires("20m", "VectorDBDown", "1") : test;
    }

    private static RuleTest Services(IReadOnlyList<string> services)
    {
        var test = new RuleTest("One of two pods of each service is down, then both, then one is back");
        foreach (var service in services)
        {
            test = test.Given($"up{{job=\"{service}\",instance=\"a\",pod=\"{service}-a\"}}", "1x10 0x10 1x20").Given($"up{{job=\"{service}\",instance=\"b\",pod=\"{service}-b\"}}", "0x40");
        }

        test = test.Quiet("9m", "ServiceDown").Quiet("4m", "InstanceDown");
        foreach (var service in services)
        {
            test = test
                .Fires("15m", "ServiceDown", null, ("service", service))
                .Fires("9m", "InstanceDown", null, ("job", service), ("instance", "b"), ("pod", $"{service}-b"));
        }

        return test.Quiet("30m", "ServiceDown");
    }

    private static IEnumerable<RuleTest> Vectors(int nodes) =>
    [
        new RuleTest("Two vector nodes are not ready")
            .Given("kube_statefulset_replicas{namespace=\"recommendation\",statefulset=\"qdrant\"}", $"{nodes}x30")
            .Given("kube_statefulset_status_replicas_ready{namespace=\"recommendation\",statefulset=\"qdrant\"}", $"{nodes}x5 {nodes - 2}x10 {nodes}x15")
            .Given("up{job=\"qdrant\",instance=\"a\"}", "1x30")
            .Quiet("4m", "VectorDBDown").Fires("10m", "VectorDBDown", "2").Quiet("20m", "VectorDBDown"),
        new RuleTest("All vector nodes count as ready, but one cannot be scraped, and a copy is dead")
            .Given("kube_statefulset_replicas{namespace=\"recommendation\",statefulset=\"qdrant\"}", $"{nodes}x30")
            .Given("kube_statefulset_status_replicas_ready{namespace=\"recommendation\",statefulset=\"qdrant\"}", $"{nodes}x30")
            .Given("up{job=\"qdrant\",instance=\"a\"}", "0x30").Given("up{job=\"qdrant\",instance=\"b\"}", "1x30")
            .Given("collection_dead_replicas{job=\"qdrant\",instance=\"b\",id=\"text\"}", "1x30").Given("collection_dead_replicas{job=\"qdrant\",instance=\"b\",id=\"collaborative\"}", "0x30")
            .Quiet("5m", "VectorReplicasDead")
            .Fires("10m", "VectorDBDown", "1").Fires("20m", "VectorReplicasDead", "1"),
    ];
}
