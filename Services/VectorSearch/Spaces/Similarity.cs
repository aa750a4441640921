namespace RecoAspire.VectorSearch.Spaces;

/// <summary>How two vectors of a space are compared.</summary>
internal enum Similarity
{
    /// <summary>Vectors have unit length in the store, so that the dot product is the cosine.</summary>
    Cosine,

    /// <summary>Vectors are kept as they are: their length carries meaning (the bias of a factor model).</summary>
    Dot,
}

/// <summary>The spaces that the platform itself defines.</summary>
internal static class WellKnownSpaces
{
    public const string Collaborative = "collaborative";
    public const string Text = "text";

    public static Similarity SimilarityOf(string space) => space == Collaborative ? Similarity.Dot : Similarity.Cosine;

    /// <summary>
    /// Half of a factor model ranks wrongly, so its vectors are searchable only once published, the first version included.
    /// Elsewhere the vectors of a space that never publishes are current at once.
    /// </summary>
    public static bool MustPublish(string space) => space == Collaborative;

    /// <summary>Written by the embedding service only: a caller's vectors would be compared with those of another model.</summary>
    public static bool IsOwnedByModels(string space) => space is Collaborative or Text;
}
