namespace RecoAspire.Gateway.Viewers;

/// <summary>Configuration section <c>Gateway:Viewers</c>.</summary>
public sealed class ViewerOptions
{
    /// <summary>Ceiling of what is kept of all viewers, in numbers of four bytes (<see cref="ViewerFacts.Entries"/>); arrays grow by a quarter and each viewer costs some 250 bytes besides. 1,000-1,000,000,000.</summary>
    public long MaxEntries { get; set; } = 4_000_000;

    /// <summary>Acknowledged events kept until the tail brings them back. 100-10,000,000.</summary>
    public int MaxAcknowledged { get; set; } = 200_000;
}
