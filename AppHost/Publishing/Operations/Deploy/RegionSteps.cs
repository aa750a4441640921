using RecoAspire.Topology;

namespace RecoAspire.Publishing.Operations.Deploy;

/// <summary>The steps of one region, each with its check.</summary>
internal static class RegionSteps
{
    public static string Write(Region region, Deployment deployment)
    {
        var name = region.Name;
        var graph = region.Offers(RegionService.KnowledgeGraph);
        var gpu = region.Offers(RegionService.GpuCluster);
        return $$"""

            ## {{name}}

            Machines, volumes and the bucket:

            ```sh
            export REGION={{name}}
            terraform -chdir=scaling/regions/$REGION init && terraform -chdir=scaling/regions/$REGION apply
            terraform -chdir=backup/regions/$REGION init && terraform -chdir=backup/regions/$REGION apply
            kubectl --context $REGION get nodes --label-columns reco/pool,topology.kubernetes.io/zone
            ```
            Machines of every pool are Ready, in {{region.Zones.Count}} zones.{{(gpu ? "\n\n```sh\nkubectl --context $REGION get nodes -l nvidia.com/gpu.product=" + deployment.Topology.Gpu.Product + "\n```\nThe GPU machines carry the product's label." : "")}}

            Everything of the region, stores and services alike; what needs another waits for it by itself:

            ```sh
            kubectl --context $REGION apply --server-side -f k8s/base/platform/namespace.yaml
            kubectl --context $REGION apply --server-side -k k8s/regions/$REGION
            kubectl --context $REGION -n recommendation get externalsecrets
            ```
            All are `SecretSynced`.

            ```sh
            kubectl --context $REGION -n recommendation rollout status statefulset/qdrant --timeout 15m
            kubectl --context $REGION -n recommendation rollout status statefulset/kafka --timeout 15m
            {{(graph ? (deployment.Topology.Neo4j.Edition == "enterprise" ? "kubectl --context $REGION -n recommendation rollout status statefulset/neo4j-primary --timeout 15m" : "kubectl --context $REGION -n recommendation rollout status statefulset/neo4j --timeout 15m") : "kubectl --context $REGION -n recommendation get statefulset qdrant")}}
            kubectl --context $REGION -n scylladb get scyllaclusters
            kubectl --context $REGION -n recommendation get jobs
            ```
            The jobs that make collections, topics{{(graph ? " and the graph's role" : "")}} are Complete.

            ```sh
            kubectl --context $REGION -n recommendation rollout status statefulset/eventlog --timeout 10m
            kubectl --context $REGION -n recommendation rollout status statefulset/embedding --timeout 20m
            kubectl --context $REGION -n recommendation rollout status deployment/gateway --timeout 15m
            kubectl --context $REGION -n recommendation get pods -o wide
            ```
            {{region.Capacity.ApiServers}} gateways are Ready, spread over the zones.

            ```sh
            kubectl --context $REGION -n recommendation get gateway,httproute,certificate
            curl --fail https://$REGION.{{deployment.Topology.Host}}.{{deployment.Topology.Domain}}/health/ready
            ```
            The certificate is Ready; the answer is 200 (the region's name needs the DNS step below the first time).

            Monitoring, then scaling, whose metrics it serves, then backups:

            ```sh
            kubectl --context $REGION apply --server-side -k monitoring/regions/$REGION
            kubectl --context $REGION -n monitoring rollout status statefulset/prometheus --timeout 10m
            kubectl --context $REGION get --raw /apis/custom.metrics.k8s.io/v1beta1/namespaces/recommendation/pods/*/http_requests_per_second
            kubectl --context $REGION apply --server-side -k scaling/regions/$REGION
            kubectl --context $REGION -n recommendation describe hpa gateway
            ```
            The autoscaler shows a current value for each of its metrics, not `<unknown>`.

            ```sh
            kubectl --context $REGION apply --server-side -k backup/regions/$REGION
            kubectl --context $REGION -n recommendation create job --from=cronjob/backup-log first-backup
            kubectl --context $REGION -n recommendation wait --for=condition=complete job/first-backup --timeout 30m
            kubectl --context $REGION -n recommendation create job --from=cronjob/backup-rehearsal first-rehearsal
            kubectl --context $REGION -n recommendation logs --follow job/first-rehearsal --all-containers
            ```
            The last line is `RESTORE OK`.

            """;
    }
}
