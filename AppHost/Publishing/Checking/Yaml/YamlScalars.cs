using System.Text.RegularExpressions;

namespace RecoAspire.Publishing.Checking;

/// <summary>What a plain scalar is in the core schema of YAML 1.2.</summary>
internal static partial class YamlScalars
{
    public static YamlKind Resolve(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => YamlKind.Null,
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => YamlKind.Boolean,
        _ when Integer().IsMatch(text) => YamlKind.Integer,
        _ when Float().IsMatch(text) => YamlKind.Float,
        _ => YamlKind.String,
    };

    /// <summary>Kubernetes reads YAML 1.1 words and octal numbers, most other programs 1.2.</summary>
    public static bool IsAmbiguous(string text) => Ambiguous().IsMatch(text);

    [GeneratedRegex("^[-+]?[0-9]+$")]
    private static partial Regex Integer();

    [GeneratedRegex(@"^([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$")]
    private static partial Regex Float();

    [GeneratedRegex("^([yY]|[yY]es|YES|[nN]|[nN]o|NO|[oO]n|ON|[oO]ff|OFF|[-+]?0[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|0b[01]+|[-+]?[0-9][0-9_]*_[0-9_]*)$")]
    private static partial Regex Ambiguous();
}
