namespace RecoAspire.GpuEmbedding.Training;

/// <summary>
/// Whether this replica trains and publishes. Every replica answers <c>EmbedText</c> and <c>FoldIn</c> from the models in the log; two
/// that publish would each embed and train everything.
/// </summary>
/// <param name="publisherHost">Host name of the replica that publishes; null or empty = every one does (there is only one).</param>
/// <param name="host">Host name of this one.</param>
public sealed class PublishingRole(string? publisherHost, string host)
{
    /// <summary>True when this replica publishes.</summary>
    public bool Publishes { get; } = string.IsNullOrWhiteSpace(publisherHost) || string.Equals(publisherHost, host, StringComparison.OrdinalIgnoreCase);

    /// <summary>Why this replica does not, for whoever asks it to.</summary>
    public string Refusal => $"the replica '{host}' does not train; ask '{publisherHost}'";
}
