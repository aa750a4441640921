namespace RecoAspire.VectorSearch.Spaces;

/// <summary>One version of a space: vectors of one model, comparable with each other.</summary>
internal sealed class SpaceVersion(long storeId, string name, int dimensions)
{
    /// <summary>Its key in the store.</summary>
    public long StoreId => storeId;

    public string Name => name;

    public VectorTable Table { get; } = new(dimensions);
}

/// <summary>
/// A named vector space and its versions. Vectors of a new version are collected on the side and become current when the
/// version is published; the version before stays searchable by name, older ones are dropped.
/// </summary>
internal sealed class Space(string name)
{
    private readonly List<SpaceVersion> _pending = [];

    public string Name => name;

    public Similarity Similarity { get; } = WellKnownSpaces.SimilarityOf(name);

    /// <summary>True once a version has been published: from then on only publications change what is current.</summary>
    public bool Published { get; private set; }

    public SpaceVersion? Current { get; private set; }

    public SpaceVersion? Previous { get; private set; }

    /// <summary>Versions being collected, oldest first.</summary>
    public IReadOnlyList<SpaceVersion> Pending => _pending;

    public IEnumerable<SpaceVersion> Versions
    {
        get
        {
            if (Current is not null) yield return Current;
            if (Previous is not null) yield return Previous;
            foreach (var version in _pending) yield return version;
        }
    }

    public SpaceVersion? Find(string version) => Versions.FirstOrDefault(v => v.Name == version);

    /// <summary>Adds an empty version: current at once where nothing is ever published, else on the side.</summary>
    public SpaceVersion Add(long storeId, string version, int dimensions)
    {
        var added = new SpaceVersion(storeId, version, dimensions);
        if (!Published && !WellKnownSpaces.MustPublish(name))
        {
            MakeCurrent(added);
            return added;
        }

        if (_pending.Count == SpaceLimits.MaxPendingVersions) _pending.RemoveAt(0);
        _pending.Add(added);
        return added;
    }

    /// <summary>
    /// Makes a version current. What else was being collected started before this publication and is given up. Publishing
    /// the previous version again goes back to it.
    /// </summary>
    public void Publish(SpaceVersion version)
    {
        Published = true;
        _pending.Clear();
        MakeCurrent(version);
    }

    public void Restore(SpaceVersion version, SpaceVersionRole role, bool published)
    {
        Published |= published;
        if (role == SpaceVersionRole.Current) Current = version;
        else if (role == SpaceVersionRole.Previous) Previous = version;
        else _pending.Add(version);
    }

    public SpaceVersionRole RoleOf(SpaceVersion version) =>
        version == Current ? SpaceVersionRole.Current : version == Previous ? SpaceVersionRole.Previous : SpaceVersionRole.Pending;

    private void MakeCurrent(SpaceVersion version)
    {
        if (version == Current) return;
        Previous = Current;
        Current = version;
    }
}

/// <summary>What a version is to its space. Stored: append-only numbers.</summary>
internal enum SpaceVersionRole
{
    Pending = 0,
    Current = 1,
    Previous = 2,
}
