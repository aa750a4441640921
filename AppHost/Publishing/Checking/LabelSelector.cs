namespace RecoAspire.Publishing.Checking;

/// <summary>A selector over labels as Kubernetes reads it: <c>matchLabels</c> with <c>matchExpressions</c>, or a plain map.</summary>
internal static class LabelSelector
{
    /// <summary>An empty selector matches everything, one that is missing matches nothing.</summary>
    public static bool Matches(YamlNode selector, IReadOnlyDictionary<string, string> labels) =>
        selector.Exists
        && MatchesMap(selector["matchLabels"], labels)
        && selector["matchExpressions"].Items.All(expression => MatchesExpression(expression, labels));

    /// <summary>The plain map of a Service.</summary>
    public static bool MatchesMap(YamlNode map, IReadOnlyDictionary<string, string> labels) =>
        map.Fields.All(wanted => labels.TryGetValue(wanted.Key, out var value) && value == wanted.Value.Text);

    private static bool MatchesExpression(YamlNode expression, IReadOnlyDictionary<string, string> labels)
    {
        var has = labels.TryGetValue(expression["key"].Text, out var value);
        var listed = has && expression["values"].Items.Any(item => item.Text == value);
        return expression["operator"].Text switch
        {
            "In" => listed,
            "NotIn" => !listed,
            "Exists" => has,
            "DoesNotExist" => !has,
            _ => false,
        };
    }
}
