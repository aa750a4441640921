using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A text with holes that other resources fill: <c>ReferenceExpression.Create($"Endpoint={url};Key={key}")</c>.</summary>
public sealed class ReferenceExpression : IManifestExpressionProvider, IValueProvider, IValueWithReferences
{
    internal ReferenceExpression(string format, IReadOnlyList<IValueProvider> valueProviders, IReadOnlyList<string> manifestExpressions, IReadOnlyList<string?> stringFormats)
    {
        Format = format;
        ValueProviders = valueProviders;
        ManifestExpressions = manifestExpressions;
        StringFormats = stringFormats;
    }

    public static ReferenceExpression Empty { get; } = Create($"");

    /// <summary>Composite format string with one numbered hole per provider.</summary>
    public string Format { get; }

    public IReadOnlyList<IValueProvider> ValueProviders { get; }

    public IReadOnlyList<string> ManifestExpressions { get; }

    /// <summary>For each hole <c>uri</c> (percent-encoding) or null.</summary>
    public IReadOnlyList<string?> StringFormats { get; }

    /// <inheritdoc/>
    public string ValueExpression => string.Format(CultureInfo.InvariantCulture, Format, [.. ManifestExpressions]);

    IEnumerable<object> IValueWithReferences.References => ValueProviders;

    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.ToExpression();

    /// <inheritdoc/>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => GetValueAsync(new ValueProviderContext(), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default)
    {
        var values = new object?[ValueProviders.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var value = await ValueProviders[i].GetValueAsync(context, cancellationToken);
            values[i] = StringFormats[i] is null ? value : Uri.EscapeDataString(value ?? "");
        }

        return string.Format(CultureInfo.InvariantCulture, Format, values);
    }

    /// <summary>Takes strings and value providers; anything else does not compile, by design.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct ExpressionInterpolatedStringHandler
    {
        private readonly ReferenceExpressionBuilder _builder;

        public ExpressionInterpolatedStringHandler(int literalLength, int formattedCount) => _builder = new ReferenceExpressionBuilder();

        public void AppendLiteral(string value) => _builder.AppendLiteral(value);

        public void AppendFormatted(string? value) => _builder.AppendLiteral(value ?? "");

        public void AppendFormatted(string? value, string? format) => _builder.AppendLiteral(format == "uri" ? Uri.EscapeDataString(value ?? "") : value ?? "");

        public void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider => _builder.AppendFormatted(valueProvider);

        public void AppendFormatted<T>(T valueProvider, string? format)
            where T : IValueProvider, IManifestExpressionProvider => _builder.AppendFormatted(valueProvider, format);

        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider, IManifestExpressionProvider => _builder.AppendFormatted(valueProvider.Resource);

        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider, string? format)
            where T : IResource, IValueProvider, IManifestExpressionProvider => _builder.AppendFormatted(valueProvider.Resource, format);

        internal ReferenceExpression ToExpression() => _builder.Build();
    }
}

/// <summary>Puts a <see cref="ReferenceExpression"/> together piece by piece.</summary>
public sealed class ReferenceExpressionBuilder
{
    private readonly StringBuilder _format = new();
    private readonly List<IValueProvider> _providers = [];
    private readonly List<string> _expressions = [];
    private readonly List<string?> _formats = [];

    public bool IsEmpty => _format.Length == 0;

    public void AppendLiteral(string value) => _format.Append(value.Replace("{", "{{").Replace("}", "}}"));

    public void AppendFormatted(string? value) => AppendLiteral(value ?? "");

    /// <param name="valueProvider">Fills the hole.</param>
    /// <param name="format"><c>uri</c> or null.</param>
    /// <exception cref="FormatException">Another format.</exception>
    public void AppendFormatted<T>(T valueProvider, string? format = null)
        where T : IValueProvider, IManifestExpressionProvider
    {
        if (format is not (null or "uri")) throw new FormatException($"'{format}' is no format of a reference expression; the only one is 'uri'.");
        _format.Append('{').Append(_providers.Count).Append('}');
        _providers.Add(valueProvider);
        // The manifest says "percent-encoded" by a value of its own beside the parameter.
        _expressions.Add(format is not null && valueProvider is ParameterResource resource ? $"{{{resource.Name}-uri-encoded.value}}" : valueProvider.ValueExpression);
        _formats.Add(format);
    }

    /// <summary>Appends an interpolated text.</summary>
    public void Append(in ReferenceExpression.ExpressionInterpolatedStringHandler handler)
    {
        var expression = handler.ToExpression();
        var offset = _providers.Count;
        var holes = Enumerable.Range(offset, expression.ValueProviders.Count).Select(i => (object)$"{{{i}}}").ToArray();
        // Escaped braces are unescaped by the formatting; they are escaped anew around the renumbered holes.
        var escaped = expression.Format.Replace("{{", "{{{{").Replace("}}", "}}}}");
        _format.Append(string.Format(CultureInfo.InvariantCulture, escaped, holes));
        _providers.AddRange(expression.ValueProviders);
        _expressions.AddRange(expression.ManifestExpressions);
        _formats.AddRange(expression.StringFormats);
    }

    public ReferenceExpression Build() => new(_format.ToString(), [.. _providers], [.. _expressions], [.. _formats]);
}
