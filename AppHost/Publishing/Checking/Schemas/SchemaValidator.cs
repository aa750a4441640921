using System.Globalization;

namespace RecoAspire.Publishing.Checking;

/// <summary>A value that its schema does not allow.</summary>
internal sealed record SchemaError(YamlNode Node, string Message);

/// <summary>Validates as the API server does with <c>fieldValidation=Strict</c>, and beyond: deprecated fields and nulls are errors.</summary>
internal sealed class SchemaValidator(SchemaSet schemas)
{
    /// <summary>All errors of one object; an unknown kind is one.</summary>
    public IReadOnlyList<SchemaError> Validate(YamlNode root)
    {
        var errors = new List<SchemaError>();
        var (apiVersion, kind) = (root["apiVersion"], root["kind"]);
        if (schemas.Find(apiVersion.Text, kind.Text) is not { } schema)
        {
            errors.Add(new SchemaError(kind, $"Kubernetes {schemas.Version} has no {kind.Text} in '{apiVersion.Text}', nor has a known operator"));
            return errors;
        }

        Check(root, schema.Target, closed: true, errors);
        if (root["metadata"].Exists && schema.Target.Properties.TryGetValue("metadata", out var metadata) && metadata.Reference is null)
            Check(root["metadata"], schemas.Metadata, closed: true, errors);
        return errors;
    }

    // Within oneOf, anyOf, not: a schema says there what to look for, not which fields there are.
    private void Check(YamlNode node, Schema schema, bool closed, List<SchemaError> errors)
    {
        if (schema.Reference is not null) schema = CheckReference(node, schema, errors);
        if (node.Kind == YamlKind.Null && IsTyped(schema))
        {
            if (!schema.Nullable) errors.Add(new SchemaError(node, "null: leave the field out, or give it a value"));
            return;
        }

        if (!HasType(node, schema, errors)) return;
        if (node.IsScalar) ScalarCheck.Run(node, schema, errors);
        if (node.Kind == YamlKind.Mapping) CheckFields(node, schema, closed, errors);
        if (node.Kind == YamlKind.Sequence) CheckItems(node, schema, closed, errors);
        foreach (var part in schema.AllOf) Check(node, part, closed: false, errors);
        CheckAlternatives(node, schema, errors);
    }

    private static Schema CheckReference(YamlNode node, Schema schema, List<SchemaError> errors)
    {
        if (schema.Reference!.EndsWith(".resource.Quantity", StringComparison.Ordinal) && node.IsScalar && !Quantity.TryParse(node.Text, out _))
            errors.Add(new SchemaError(node, $"'{node.Text}' is no quantity"));
        return schema.Target;
    }

    private static bool IsTyped(Schema schema) =>
        schema.Types.Count > 0 || schema.IsIntOrString || schema.Properties.Count > 0 || schema.OneOf.Count > 0 || schema.Enum is not null;

    private static bool HasType(YamlNode node, Schema schema, List<SchemaError> errors)
    {
        IReadOnlyList<string> wanted = schema.IsIntOrString ? ["integer", "string"] : schema.Types;
        if (wanted.Count == 0 || wanted.Any(type => Is(node, type))) return true;
        errors.Add(new SchemaError(node, $"{Describe(node)} where {string.Join(" or ", wanted)} is wanted"));
        return false;
    }

    private static bool Is(YamlNode node, string type) => type switch
    {
        "object" => node.Kind == YamlKind.Mapping,
        "array" => node.Kind == YamlKind.Sequence,
        "string" => node.Kind == YamlKind.String,
        "boolean" => node.Kind == YamlKind.Boolean,
        "integer" => node.Kind == YamlKind.Integer,
        "number" => node.Kind is YamlKind.Integer or YamlKind.Float,
        "null" => node.Kind == YamlKind.Null,
        _ => false,
    };

    private static string Describe(YamlNode node) => node.Kind switch
    {
        YamlKind.Mapping => "an object",
        YamlKind.Sequence => "a list",
        YamlKind.String => $"the string '{node.Text}'",
        _ => $"the {node.Kind.ToString().ToLower(CultureInfo.InvariantCulture)} {node.Text}",
    };

    private void CheckFields(YamlNode node, Schema schema, bool closed, List<SchemaError> errors)
    {
        foreach (var name in schema.Required.Where(name => !node[name].Exists)) errors.Add(new SchemaError(node[name], "is required"));
        if (node.Fields.Count < schema.MinProperties) errors.Add(new SchemaError(node, Bound("at least", schema.MinProperties, "fields are wanted")));
        if (node.Fields.Count > schema.MaxProperties) errors.Add(new SchemaError(node, Bound("at most", schema.MaxProperties, "fields are allowed")));
        var open = !closed || schema.PreservesUnknown || (schema.Properties.Count == 0 && !schema.ForbidsOthers);
        foreach (var (name, value) in node.Fields)
        {
            var pattern = schema.PatternProperties.FirstOrDefault(p => p.Name.IsMatch(name)).Schema;
            if (schema.Deprecated.Contains(name)) errors.Add(new SchemaError(value, "is deprecated"));
            if (schema.Properties.TryGetValue(name, out var known)) Check(value, known, closed, errors);
            else if (pattern is not null) Check(value, pattern, closed, errors);
            else if (schema.Others is not null) Check(value, schema.Others, closed, errors);
            else if (!open) errors.Add(new SchemaError(value, "is no field of this object"));
        }
    }

    private void CheckItems(YamlNode node, Schema schema, bool closed, List<SchemaError> errors)
    {
        if (node.Items.Count < schema.MinItems) errors.Add(new SchemaError(node, Bound("at least", schema.MinItems, "items are wanted")));
        if (node.Items.Count > schema.MaxItems) errors.Add(new SchemaError(node, Bound("at most", schema.MaxItems, "items are allowed")));
        if (schema.Items is not null)
            foreach (var item in node.Items) Check(item, schema.Items, closed, errors);
        if (schema.MapKeys.Count == 0) return;
        var keys = new HashSet<string>();
        foreach (var item in node.Items)
        {
            var key = string.Join(", ", schema.MapKeys.Select(name => $"{name} {item[name].TextOrNull ?? (name == "protocol" ? "TCP" : "")}"));
            if (!keys.Add(key)) errors.Add(new SchemaError(item, $"is there twice: {key}"));
        }
    }

    private void CheckAlternatives(YamlNode node, Schema schema, List<SchemaError> errors)
    {
        if (schema.AnyOf.Count > 0 && !schema.AnyOf.Any(part => Accepts(part, node)))
            errors.Add(new SchemaError(node, $"fits none of {Alternatives(schema.AnyOf)}"));
        var fitting = schema.OneOf.Count(part => Accepts(part, node));
        if (schema.OneOf.Count > 0 && fitting != 1)
            errors.Add(new SchemaError(node, $"fits {fitting} of {Alternatives(schema.OneOf)}; it has to be one"));
        if (schema.Not is not null && Accepts(schema.Not, node))
            errors.Add(new SchemaError(node, $"is what may not be: {Describe(schema.Not)}"));
    }

    private bool Accepts(Schema schema, YamlNode node)
    {
        var errors = new List<SchemaError>();
        Check(node, schema, closed: false, errors);
        return errors.Count == 0;
    }

    private static string Alternatives(IEnumerable<Schema> schemas) => string.Join("; ", schemas.Select(Describe));

    private static string Describe(Schema schema) => schema switch
    {
        { Types.Count: > 0 } => string.Join(" or ", schema.Types),
        { Required.Count: > 0 } => $"with {string.Join(", ", schema.Required)}",
        { Pattern: not null } => $"'{schema.Pattern}'",
        { AnyOf.Count: > 0 } => Alternatives(schema.AnyOf),
        { Properties.Count: > 0 } => $"with {string.Join(", ", schema.Properties.Keys)}",
        _ => "its schema",
    };

    private static string Bound(string words, double? limit, string what) => string.Create(CultureInfo.InvariantCulture, $"{words} {limit} {what}");
}
