using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace RecoAspire.Publishing.Checking;

/// <summary>What a schema asks of a single value: enumeration, pattern, bounds, format.</summary>
internal static partial class ScalarCheck
{
    public static void Run(YamlNode node, Schema schema, List<SchemaError> errors)
    {
        var text = node.Text;
        if (schema.Enum is not null && !schema.Enum.Contains(text))
            errors.Add(new SchemaError(node, $"'{text}' is none of {string.Join(", ", schema.Enum)}"));
        if (node.Kind == YamlKind.String) CheckText(node, schema, errors);
        if (node.Kind is YamlKind.Integer or YamlKind.Float && double.TryParse(text, CultureInfo.InvariantCulture, out var number)) CheckNumber(node, number, schema, errors);
        if (schema.Format is { } format && !HasFormat(node, format)) errors.Add(new SchemaError(node, $"'{text}' is no {format}"));
    }

    private static void CheckText(YamlNode node, Schema schema, List<SchemaError> errors)
    {
        var length = node.Text.Length;
        if (length < schema.MinLength) errors.Add(new SchemaError(node, string.Create(CultureInfo.InvariantCulture, $"is shorter than {schema.MinLength} characters")));
        if (length > schema.MaxLength) errors.Add(new SchemaError(node, string.Create(CultureInfo.InvariantCulture, $"is longer than {schema.MaxLength} characters")));
        if (schema.Pattern is not null && !schema.Pattern.IsMatch(node.Text)) errors.Add(new SchemaError(node, $"'{node.Text}' does not match {schema.Pattern}"));
    }

    private static void CheckNumber(YamlNode node, double number, Schema schema, List<SchemaError> errors)
    {
        if (number < schema.Minimum) errors.Add(new SchemaError(node, string.Create(CultureInfo.InvariantCulture, $"{node.Text} is less than {schema.Minimum}")));
        if (number > schema.Maximum) errors.Add(new SchemaError(node, string.Create(CultureInfo.InvariantCulture, $"{node.Text} is more than {schema.Maximum}")));
    }

    private static bool HasFormat(YamlNode node, string format) => format switch
    {
        "int32" => node.Kind != YamlKind.Integer || int.TryParse(node.Text, CultureInfo.InvariantCulture, out _),
        "int64" => node.Kind != YamlKind.Integer || long.TryParse(node.Text, CultureInfo.InvariantCulture, out _),
        "byte" => Convert.TryFromBase64String(node.Text, new byte[node.Text.Length + 3], out _),
        "date-time" => Timestamp().IsMatch(node.Text),
        "duration" => Duration().IsMatch(node.Text),
        "cidr" => IPNetwork.TryParse(node.Text, out _),
        "ipv4" or "ipv6" => IPAddress.TryParse(node.Text, out _),
        _ => true,
    };

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[-+]\d\d:\d\d)$")]
    private static partial Regex Timestamp();

    // Go's durations.
    [GeneratedRegex(@"^([-+]?(\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))+$|^0$")]
    private static partial Regex Duration();
}
