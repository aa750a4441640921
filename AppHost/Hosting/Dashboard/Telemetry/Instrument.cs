namespace RecoAspire.Hosting.Dashboard.Telemetry;

/// <summary>What an instrument's numbers mean.</summary>
internal enum InstrumentKind
{
    /// <summary>Only rises: shown as a rate.</summary>
    Sum,

    /// <summary>The last value counts.</summary>
    Gauge,

    /// <summary>Counts per bucket.</summary>
    Histogram,
}

/// <summary>An instrument of a service: all series of all its processes.</summary>
internal sealed class Instrument(string service, string meter, string name, string unit, string description, InstrumentKind kind)
{
    public string Service { get; } = service;

    public string Meter { get; } = meter;

    public string Name { get; } = name;

    public string Unit { get; } = unit;

    public string Description { get; } = description;

    public InstrumentKind Kind { get; } = kind;

    public List<Series> Series { get; } = [];

    public int Bytes { get; } = 200 + ByteEstimate.Of(meter) + ByteEstimate.Of(name) + ByteEstimate.Of(unit) + ByteEstimate.Of(description);
}
