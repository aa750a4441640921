namespace RecoAspire.Publishing.Monitoring.Rules;

/// <summary>A line of a rule file.</summary>
internal abstract record Rule
{
    /// <summary>PromQL.</summary>
    public required string Expr { get; init; }

    /// <summary>Labels that the rule adds, beside an alert's severity.</summary>
    public IReadOnlyList<(string Name, string Value)> Labels { get; init; } = [];
}

/// <summary>A series that is computed once instead of by everyone who looks.</summary>
internal sealed record Recording : Rule
{
    /// <summary>The new metric's name.</summary>
    public required string Record { get; init; }
}

/// <summary>How much an alert matters: it decides who is told.</summary>
internal enum Severity { None, Info, Warning, Critical }

/// <summary>A condition that somebody must know of.</summary>
internal sealed record Alert : Rule
{
    /// <summary>Also the name of its runbook.</summary>
    public required string Name { get; init; }

    public required Severity Severity { get; init; }

    /// <summary>How long it must hold, as Prometheus writes it.</summary>
    public required string For { get; init; }

    /// <summary>One line; may use <c>{{ $labels.x }}</c>.</summary>
    public required string Summary { get; init; }

    /// <summary>What is seen, with the figure: may use <c>{{ $value | humanize }}</c>.</summary>
    public required string Description { get; init; }

    /// <summary>What to do; null where another rule of the same name has it.</summary>
    public Runbook? Runbook { get; init; }

    /// <summary>All labels that the rule itself gives.</summary>
    public IEnumerable<(string Name, string Value)> OwnLabels => [("severity", SeverityLabel), .. Labels];

    /// <summary>The severity's name in lower case.</summary>
    public string SeverityLabel => Severity.ToString().ToLowerInvariant();
}

/// <summary>What the one who is woken needs.</summary>
/// <param name="Meaning">What the alert says.</param>
/// <param name="Impact">What viewers or operators lose.</param>
/// <param name="Look">Queries and commands, in the order in which to run them.</param>
/// <param name="Act">Steps.</param>
/// <param name="Verify">What shows that it is over.</param>
internal sealed record Runbook(string Meaning, string Impact, string[] Look, string[] Act, string Verify);

/// <summary>One rule file with its tests.</summary>
/// <param name="Name">Name of the group and of its file.</param>
/// <param name="Rules">In the order in which they are evaluated.</param>
/// <param name="Tests">At least one for each rule.</param>
internal sealed record RuleGroup(string Name, IReadOnlyList<Rule> Rules, IReadOnlyList<RuleTest> Tests)
{
    public IEnumerable<Alert> Alerts => Rules.OfType<Alert>();
}
