using RecoAspire.Publishing.Documents;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Monitoring.Dashboards;

/// <summary>A query of a panel.</summary>
/// <param name="Expr">PromQL; may use <c>$region</c> and <c>$__rate_interval</c>.</param>
/// <param name="Legend">Grafana's template of the legend.</param>
internal sealed record Query(string Expr, string Legend);

/// <summary>How a panel shows its queries.</summary>
internal enum PanelType { Timeseries, Stat, Table, Gauge }

/// <summary>A panel.</summary>
/// <param name="Title">What it answers.</param>
/// <param name="Unit">Grafana's unit id, such as <c>s</c>, <c>reqps</c>, <c>percentunit</c>.</param>
/// <param name="Queries">At least one.</param>
internal sealed record Panel(string Title, string Unit, params IReadOnlyList<Query> Queries)
{
    public PanelType Type { get; init; } = PanelType.Timeseries;

    /// <summary>Where it turns red; null = nowhere.</summary>
    public double? Limit { get; init; }

    /// <summary>Red below the limit instead of above.</summary>
    public bool LimitIsFloor { get; init; }
}

/// <summary>Panels under a heading.</summary>
internal sealed record Row(string Title, params IReadOnlyList<Panel> Panels);

/// <summary>A dashboard that Grafana takes from a file as it is.</summary>
/// <param name="Uid">Its address; never changes.</param>
/// <param name="Title">Its name.</param>
/// <param name="Rows">From top to bottom; three panels beside each other.</param>
internal sealed record Dashboard(string Uid, string Title, params IReadOnlyList<Row> Rows)
{
    // With all regions' data source every series has the region; within a region recorded ones have none, hence the empty alternative.
    public const string InRegion = "region=~\"$region|\"";

    private const int SchemaVersion = 41;
    private const int Width = 8;
    private const int Height = 8;

    /// <summary>The whole file.</summary>
    public Map Json()
    {
        var panels = new List<Node>();
        var y = 0;
        foreach (var row in Rows)
        {
            panels.Add(Map(("id", panels.Count + 1), ("type", "row"), ("title", row.Title), ("collapsed", false), ("gridPos", Position(0, y, 24, 1)), ("panels", Empty)));
            y++;
            for (var i = 0; i < row.Panels.Count; i++)
                panels.Add(Write(row.Panels[i], panels.Count + 1, Position(i % 3 * Width, y + (i / 3 * Height), Width, Height)));
            y += (row.Panels.Count + 2) / 3 * Height;
        }

        return Map(
            ("uid", Uid),
            ("title", Title),
            ("tags", List("recoaspire")),
            ("schemaVersion", SchemaVersion),
            ("version", 1),
            ("editable", false),
            ("graphTooltip", 1),
            ("timezone", "utc"),
            ("refresh", "30s"),
            ("time", Map(("from", "now-6h"), ("to", "now"))),
            ("templating", Map(("list", List(DataSource(), Regions())))),
            ("annotations", Map(("list", Empty))),
            ("links", List(Map(("title", "RecoAspire"), ("type", "dashboards"), ("tags", List("recoaspire")), ("asDropdown", true), ("includeVars", true), ("keepTime", true)))),
            ("panels", new Sequence(panels)));
    }

    private static Map DataSource() => Map(
        ("name", "datasource"), ("label", "Data source"), ("type", "datasource"), ("query", "prometheus"), ("refresh", 1), ("hide", 0),
        ("current", Map(("text", "Prometheus"), ("value", "prometheus"))));

    private static Map Regions() => Map(
        ("name", "region"), ("label", "Region"), ("type", "query"), ("datasource", Source), ("query", Map(("query", "label_values(total_monthly_cost_usd, region)"), ("refId", "regions"))),
        ("refresh", 2), ("sort", 1), ("multi", true), ("includeAll", true), ("allValue", ".*"), ("hide", 0),
        ("current", Map(("text", List("All")), ("value", List("$__all")))));

    private static Map Source => Map(("type", "prometheus"), ("uid", "${datasource}"));

    private static Map Position(int x, int y, int width, int height) => Map(("x", x), ("y", y), ("w", width), ("h", height));

    private static Map Write(Panel panel, int id, Map position) => Map(
        ("id", id),
        ("type", panel.Type.ToString().ToLowerInvariant()),
        ("title", panel.Title),
        ("datasource", Source),
        ("gridPos", position),
        ("fieldConfig", Map(
            ("defaults", Map(
                ("unit", panel.Unit),
                ("min", panel.Type == PanelType.Timeseries ? 0 : null),
                ("custom", panel.Type == PanelType.Timeseries ? Map(("thresholdsStyle", Map(("mode", panel.Limit is null ? "off" : "dashed")))) : null),
                ("thresholds", Thresholds(panel)))),
            ("overrides", Empty))),
        ("options", Options(panel.Type)),
        ("targets", ListOf(panel.Queries.Select((query, i) => Map(
            ("refId", ((char)('A' + i)).ToString()),
            ("datasource", Source),
            ("expr", query.Expr),
            ("legendFormat", query.Legend),
            ("range", panel.Type == PanelType.Timeseries),
            ("instant", panel.Type != PanelType.Timeseries),
            ("format", panel.Type == PanelType.Table ? "table" : "time_series"))))));

    private static Map Thresholds(Panel panel)
    {
        var (below, above) = panel.LimitIsFloor ? ("red", "green") : ("green", "red");
        return Map(("mode", "absolute"), ("steps", panel.Limit is { } limit
            ? List(Map(("color", below)), Map(("color", above), ("value", limit)))
            : List(Map(("color", "green")))));
    }

    private static Map Options(PanelType type) => type switch
    {
        PanelType.Timeseries => Map(("legend", Map(("displayMode", "list"), ("placement", "bottom"), ("showLegend", true))), ("tooltip", Map(("mode", "multi"), ("sort", "desc")))),
        PanelType.Table => Map(("showHeader", true)),
        _ => Map(("reduceOptions", Map(("calcs", List("lastNotNull")), ("fields", ""), ("values", false))), ("colorMode", "value")),
    };
}
