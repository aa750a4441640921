using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;
using static RecoAspire.Publishing.Kubernetes.Engines.EngineObjects;

namespace RecoAspire.Publishing.Kubernetes.Engines.Neo4j;

/// <summary>Creates the user and role of our services; roles exist in Enterprise only.</summary>
public static class RoleJob
{
    /// <summary>Name of the task's workload.</summary>
    public const string Name = "neo4j-role";

    /// <summary>Key of the services' password in the Secret <c>neo4j</c>.</summary>
    public const string PasswordKey = "reco-password";

    private const int DeadlineSeconds = 3600;

    /// <summary>The task.</summary>
    public static Map Of(DeploymentTopology topology)
    {
        var container = Map(
            ("name", "create"),
            ("image", topology.Images.OfEngine("neo4j")),
            ("command", List("sh", "/scripts/create-role.sh")),
            ("env", List(
                Pods.Variable("CYPHER_SHELL", "/var/lib/neo4j/bin/cypher-shell"),
                Pods.Variable("NEO4J_URL", $"neo4j+ssc://{Neo4jServer.ClientService}:{Ports.Bolt}").Because("Encrypted; finds the server that may write. The authority is the cluster's own."),
                Pods.Variable("PASSWORD_FILE", "/secrets/password"),
                Pods.Variable("APPLICATION_PASSWORD_FILE", $"/secrets/{PasswordKey}"),
                Pods.Variable("WAIT_SECONDS", $"{DeadlineSeconds - 600}"),
                Pods.Variable("HOME", "/tmp"))),
            ("resources", Pods.Resources(SmallJava)),
            ("securityContext", Pods.Restricted),
            ("volumeMounts", new Sequence([.. Pods.Mounts().Items, ReadOnlyMount("scripts", "/scripts"), ReadOnlyMount("secrets", "/secrets")])));
        return Job(
            Name, Neo4jServer.User, container,
            List(ConfigVolume("scripts", Name), SecretVolume("secrets", Neo4jServer.Name, "password", PasswordKey)),
            DeadlineSeconds,
            [File("Neo4j/create-role.sh")]);
    }
}
