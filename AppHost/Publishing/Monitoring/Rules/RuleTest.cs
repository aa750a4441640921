namespace RecoAspire.Publishing.Monitoring.Rules;

/// <summary>A case of <c>promtool test rules</c>: what comes in, and what the rules must make of it.</summary>
/// <param name="Title">A sentence.</param>
/// <param name="Interval">Time between two values of a series.</param>
internal sealed record RuleTest(string Title, string Interval = "1m")
{
    public IReadOnlyList<(string Series, string Values)> Inputs { get; private init; } = [];

    public IReadOnlyList<ExpectedAlerts> Alerts { get; private init; } = [];

    public IReadOnlyList<ExpectedValue> Values { get; private init; } = [];

    /// <summary>A series in promtool's notation.</summary>
    public RuleTest Given(string series, string values) => this with { Inputs = [.. Inputs, (series, values)] };

    /// <summary>The alert is on. Several calls for one name and time mean several alerts.</summary>
    /// <param name="at">Time after the start.</param>
    /// <param name="alert">Its name.</param>
    /// <param name="value">The figure as the description shows it; null where it shows none.</param>
    /// <param name="labels">Labels besides those that the rule gives; one of those chooses between rules of the same name.</param>
    public RuleTest Fires(string at, string alert, string? value = null, params (string Name, string Value)[] labels) => Expect(at, alert, new ExpectedAlert(value, labels));

    /// <summary>The alert is not on.</summary>
    public RuleTest Quiet(string at, string alert) => Expect(at, alert, null);

    /// <summary>An expression has these values and no others.</summary>
    public RuleTest Gives(string at, string expr, params (string Series, double Value)[] samples) =>
        this with { Values = [.. Values, new ExpectedValue(at, expr, samples)] };

    private RuleTest Expect(string at, string alert, ExpectedAlert? expected)
    {
        ExpectedAlert[] more = expected is null ? [] : [expected];
        if (!Alerts.Any(a => a.At == at && a.Alert == alert)) return this with { Alerts = [.. Alerts, new ExpectedAlerts(at, alert, more)] };
        return this with { Alerts = [.. Alerts.Select(a => a.At == at && a.Alert == alert ? a with { Firing = [.. a.Firing, .. more] } : a)] };
    }
}

/// <summary>What of one name is on at a time.</summary>
internal sealed record ExpectedAlerts(string At, string Alert, IReadOnlyList<ExpectedAlert> Firing);

/// <summary>One alert that is on.</summary>
internal sealed record ExpectedAlert(string? Value, IReadOnlyList<(string Name, string Value)> Labels);

/// <summary>What an expression gives at a time.</summary>
internal sealed record ExpectedValue(string At, string Expr, IReadOnlyList<(string Series, double Value)> Samples);
