namespace RecoAspire.AppHost.Tests.Publishing.Engines;

/// <summary>How the brokers, the cache and the one-off tasks start, with programs that write down how they are called.</summary>
public sealed class StartScriptTests : IAsyncDisposable
{
    private readonly TestFolder _folder = new();

    private string Root => _folder.Path;

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Theory]
    [InlineData("Qdrant/find-peer.sh")]
    [InlineData("Qdrant/start.sh")]
    [InlineData("Qdrant/create-collections.sh")]
    [InlineData("Kafka/start.sh")]
    [InlineData("Kafka/create-topics.sh")]
    [InlineData("Cache/start.sh")]
    [InlineData("Neo4j/create-role.sh")]
    public async Task No_script_starts_without_its_settings(string script)
    {
        var result = await Shell.RunAsync(EngineSet.Script(script));
        Assert.NotEqual(0, result.ExitCode);
        Assert.NotEmpty(result.Errors);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_broker_knows_its_number_its_names_and_the_voters(int ordinal)
    {
        var result = await StartBrokerAsync($"kafka-{ordinal}");
        Assert.True(result.ExitCode == 0, result.Errors);
        var settings = await File.ReadAllLinesAsync(Path.Combine(Root, "run", "server.properties"), TestContext.Current.CancellationToken);
        Assert.Contains("process.roles=broker,controller", settings);
        Assert.Contains($"node.id={ordinal}", settings);
        Assert.Contains($"advertised.listeners=CLIENTS://kafka-{ordinal}.kafka.recommendation.svc:9092", settings);
        Assert.Contains(
            "controller.quorum.voters=0@kafka-0.kafka.recommendation.svc:9093,1@kafka-1.kafka.recommendation.svc:9093,2@kafka-2.kafka.recommendation.svc:9093",
            settings);
        // Every key once: with two, the later one would win without a word.
        var keys = settings.Where(s => s.Contains('=') && !s.StartsWith('#')).Select(s => s.Split('=')[0]).ToList();
        Assert.Equal(keys.Distinct(), keys);
    }

    [Fact]
    public async Task A_broker_formats_its_volume_before_it_starts_and_keeps_a_formatted_one()
    {
        var result = await StartBrokerAsync("kafka-1");
        Assert.Equal(
            $"storage format --ignore-formatted --cluster-id the-cluster --config {Root}/run/server.properties\nserver {Root}/run/server.properties",
            result.Output.Trim());
    }

    [Fact]
    public async Task A_broker_whose_volume_cannot_be_formatted_does_not_start()
    {
        var result = await StartBrokerAsync("kafka-1", storage: "exit 1");
        Assert.NotEqual(0, result.ExitCode);
        Assert.DoesNotContain("server", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_without_an_ordinal_is_refused()
    {
        var result = await StartBrokerAsync("kafka");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("'kafka' does not end in an ordinal", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cache_reads_its_password_from_a_file_that_only_it_can_read()
    {
        var result = await StartCacheAsync("Secret_1.~-");
        Assert.Equal($"{Root}/redis.conf", result.Output.Trim());
        var path = Path.Combine(Root, "redis.conf");
        var settings = await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken);
        Assert.Contains("requirepass Secret_1.~-", settings);
        Assert.Contains("maxmemory 4608mb", settings);
        Assert.Contains("maxmemory-policy allkeys-lru", settings);
        Assert.Contains("save \"\"", settings);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("two\nlines")]
    [InlineData("quoted\"")]
    public async Task The_cache_refuses_a_password_that_its_file_cannot_hold(string password)
    {
        var result = await StartCacheAsync(password);
        Assert.Equal(2, result.ExitCode);
        Assert.False(File.Exists(Path.Combine(Root, "redis.conf")));
    }

    [Fact]
    public async Task Topics_are_created_with_their_settings_when_all_brokers_are_there()
    {
        var result = await CreateTopicsAsync(brokers: 3);
        Assert.True(result.ExitCode == 0, result.Errors);
        var lines = result.Output.Trim().Split('\n');
        Assert.Equal(5, lines.Length);
        Assert.Equal(
            "--bootstrap-server one:9092 --command-config client --create --if-not-exists --topic catalog --partitions 12 --replication-factor 3 --config cleanup.policy=compact --config min.insync.replicas=2",
            lines[0]);
        Assert.Equal(["catalog", "embeddings", "interactions", "profile-ops"], lines[..4].Select(l => l.Split("--topic ")[1].Split(' ')[0]));
        Assert.EndsWith("--describe", lines[4], StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_topic_is_created_while_a_broker_is_missing()
    {
        var result = await CreateTopicsAsync(brokers: 2);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("2 of 3 brokers", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("--create", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_topic_that_is_refused_fails_the_task()
    {
        var result = await CreateTopicsAsync(brokers: 3, topics: "exit 1");
        Assert.NotEqual(0, result.ExitCode);
    }

    [Fact]
    public async Task The_role_is_made_without_a_password_on_a_command_line()
    {
        var result = await CreateRoleAsync("Secret1", "cat; echo \"call: $*\"; echo \"password: $NEO4J_PASSWORD\"");
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains("CREATE USER reco IF NOT EXISTS SET PLAINTEXT PASSWORD 'Secret1' SET PASSWORD CHANGE NOT REQUIRED;", result.Output, StringComparison.Ordinal);
        Assert.Contains("GRANT WRITE ON GRAPH neo4j TO reco;", result.Output, StringComparison.Ordinal);
        Assert.Contains("password: Superuser1", result.Output, StringComparison.Ordinal);
        var calls = result.Output.Split('\n').Where(l => l.StartsWith("call: ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(calls);
        Assert.All(calls, c => Assert.DoesNotContain("Secret1", c, StringComparison.Ordinal));
        Assert.All(calls, c => Assert.DoesNotContain("Superuser1", c, StringComparison.Ordinal));
        // Rights on data and schema of one database; none on users, servers or other databases.
        Assert.DoesNotContain("ON DBMS", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("ALL ", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo", false)]
    [InlineData("false", true)]
    public async Task A_password_is_set_anew_only_where_it_is_another_one(string login, bool altered)
    {
        var result = await CreateRoleAsync("Secret1", $"case \"$*\" in *'--username reco'*) {login};; *) cat;; esac");
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(altered, result.Output.Contains("ALTER USER reco SET PLAINTEXT PASSWORD 'Secret1'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_password_that_would_end_a_statement_is_refused()
    {
        var result = await CreateRoleAsync("x'; DROP USER neo4j; '", "cat");
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Without_an_answer_the_role_fails_with_what_was_said()
    {
        var result = await CreateRoleAsync("Secret1", "echo 'cannot connect' >&2; exit 1");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("cannot connect", result.Errors, StringComparison.Ordinal);
    }

    private async Task<Shell.Result> StartBrokerAsync(string hostName, string storage = "echo \"storage $*\"")
    {
        Shell.Program(Root, "bin/kafka-storage.sh", storage);
        Shell.Program(Root, "bin/kafka-server-start.sh", "echo \"server $*\"");
        return await Shell.RunAsync(
            EngineSet.Script("Kafka/start.sh"),
            ("HOSTNAME", hostName),
            ("KAFKA_HOME", Root),
            ("SETTINGS", EngineSet.Script("Kafka/server.properties")),
            ("RUN", Path.Combine(Root, "run")),
            ("PEER_DOMAIN", "kafka.recommendation.svc"),
            ("VOTERS", "3"),
            ("CLUSTER_ID", "the-cluster"));
    }

    private async Task<Shell.Result> StartCacheAsync(string password)
    {
        var file = Path.Combine(Root, "password");
        await File.WriteAllTextAsync(file, password, TestContext.Current.CancellationToken);
        return await Shell.RunAsync(
            EngineSet.Script("Cache/start.sh"),
            ("REDIS_PROGRAM", Shell.Program(Root, "redis", "echo \"$*\"")),
            ("SETTINGS", EngineSet.Script("Cache/redis.properties")),
            ("PASSWORD_FILE", file),
            ("RUN", Root),
            ("MAX_MEMORY_MIB", "4608"));
    }

    private async Task<Shell.Result> CreateTopicsAsync(int brokers, string topics = "echo \"$*\"")
    {
        Shell.Program(Root, "bin/kafka-topics.sh", topics);
        Shell.Program(Root, "bin/kafka-broker-api-versions.sh", string.Join('\n', Enumerable.Range(0, brokers).Select(b => $"echo 'kafka-{b}:9092 (id: {b} rack: null isFenced: false) -> ('")));
        var list = Path.Combine(Root, "topics.txt");
        await File.WriteAllTextAsync(list, RecoAspire.Publishing.Kubernetes.Engines.Kafka.TopicsJob.Topics, TestContext.Current.CancellationToken);
        return await Shell.RunAsync(
            EngineSet.Script("Kafka/create-topics.sh"),
            ("KAFKA_HOME", Root),
            ("BROKERS", "one:9092"),
            ("BROKER_COUNT", "3"),
            ("CLIENT_SETTINGS", "client"),
            ("TOPICS", list),
            ("RUN", Root),
            ("WAIT_SECONDS", "0"));
    }

    private async Task<Shell.Result> CreateRoleAsync(string password, string shell)
    {
        await File.WriteAllTextAsync(Path.Combine(Root, "superuser"), "Superuser1", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(Root, "application"), password, TestContext.Current.CancellationToken);
        return await Shell.RunAsync(
            EngineSet.Script("Neo4j/create-role.sh"),
            ("CYPHER_SHELL", Shell.Program(Root, "cypher-shell", shell)),
            ("NEO4J_URL", "neo4j+ssc://neo4j-service:7687"),
            ("PASSWORD_FILE", Path.Combine(Root, "superuser")),
            ("APPLICATION_PASSWORD_FILE", Path.Combine(Root, "application")),
            ("WAIT_SECONDS", "0"));
    }
}
