using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using YamlDotNet.Serialization.NamingConventions;

namespace RecoAspire.Topology.Reading;

/// <summary>
/// Makes records of a tree: properties by their names in snake case, required ones demanded, unknown keys refused. What cannot be made is
/// written down and left out, so that everything else is still looked at.
/// </summary>
internal sealed partial class TopologyBinder(TopologyErrors errors)
{
    /// <summary>The value; null where the tree does not have one of that type.</summary>
    public object? Bind(Type type, SourceNode node, string path)
    {
        errors.Locate(path, node.Line);
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (node is SourceGap) return null;
        if (node is SourceScalar { IsPlain: true, Text: "" or "~" or "null" }) return Refuse(path, "has no value");
        if (type == typeof(string) || type.IsPrimitive || type.IsEnum) return BindScalar(type, node, path);
        if (!type.IsGenericType) return BindRecord(type, node, path);
        return type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
            ? BindList(type.GetGenericArguments()[0], node, path)
            : BindDictionary(type.GetGenericArguments()[1], node, path);
    }

    private object? BindScalar(Type type, SourceNode node, string path)
    {
        if (node is not SourceScalar scalar) return Refuse(path, $"must be {Kind(type)}, is {Kind(node)}");
        if (type.IsEnum) return BindEnum(type, scalar, path);
        if (type == typeof(string))
        {
            if (!scalar.IsPlain || !(Number().IsMatch(scalar.Text) || scalar.Text is "true" or "false")) return scalar.Text;
            return Refuse(path, $"must be text: write \"{scalar.Text}\" in quotes");
        }

        object? value = null;
        if (type == typeof(bool)) value = scalar.Text switch { "true" => true, "false" => false, _ => null };
        else if (type == typeof(int) && WholeNumber().IsMatch(scalar.Text) && int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) value = whole;
        else if (type == typeof(double) && Number().IsMatch(scalar.Text) && double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)) value = number;
        return value is not null && scalar.IsPlain ? value : Refuse(path, $"must be {Kind(type)}, is {(scalar.IsPlain ? scalar.Text : $"\"{scalar.Text}\"")}");
    }

    private object? BindEnum(Type type, SourceScalar scalar, string path)
    {
        var names = Enum.GetNames(type).ToDictionary(NameOf);
        if (names.TryGetValue(scalar.Text, out var name)) return Enum.Parse(type, name);
        var message = $"must be one of {string.Join(", ", names.Keys)}, is '{scalar.Text}'";
        if (type != typeof(RegionRole)) return Refuse(path, message);
        // Nothing follows from being tertiary: taken for that, the region shows what else is wrong with it and between the regions.
        errors.AddAlone(path, message);
        return RegionRole.Tertiary;
    }

    private IList? BindList(Type itemType, SourceNode node, string path)
    {
        if (node is not SourceList source) return (IList?)Refuse(path, $"must be a list, is {Kind(node)}");
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(itemType))!;
        for (var i = 0; i < source.Items.Count; i++)
        {
            if (Bind(itemType, source.Items[i], TopologyPath.Item(path, i)) is { } item) list.Add(item);
        }

        return list;
    }

    private IDictionary? BindDictionary(Type valueType, SourceNode node, string path)
    {
        if (node is not SourceMap source) return (IDictionary?)Refuse(path, $"must be a map, is {Kind(node)}");
        var dictionary = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), valueType))!;
        foreach (var (key, _, value) in source.Entries)
        {
            if (Bind(valueType, value, TopologyPath.Key(path, key)) is { } item) dictionary[key] = item;
        }

        return dictionary;
    }

    private object? BindRecord(Type type, SourceNode node, string path)
    {
        if (node is not SourceMap source) return Refuse(path, $"must be a map, is {Kind(node)}");
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).ToDictionary(p => NameOf(p.Name));
        string[] known = [.. properties.Keys];
        var record = Activator.CreateInstance(type)!;
        foreach (var (key, line, value) in source.Entries)
        {
            var keyPath = TopologyPath.Key(path, key);
            if (!properties.Remove(key, out var property))
            {
                errors.Add(keyPath, $"is not known: {NearestName.Hint(key, known)}", line);
                continue;
            }

            if (Bind(property.PropertyType, value, keyPath) is { } bound) property.SetValue(record, bound);
        }

        foreach (var (name, _) in properties.Where(p => p.Value.IsDefined(typeof(RequiredMemberAttribute)))) errors.Add(TopologyPath.Key(path, name), "is missing", node.Line);
        return record;
    }

    private object? Refuse(string path, string message)
    {
        errors.Add(path, message);
        return null;
    }

    private static string NameOf(string member) => UnderscoredNamingConvention.Instance.Apply(member);

    private static string Kind(Type type) => type == typeof(int) ? "a whole number" : type == typeof(double) ? "a number" : type == typeof(bool) ? "true or false" : "text";

    private static string Kind(SourceNode node) => node switch
    {
        SourceScalar { IsPlain: true } scalar => scalar.Text,
        SourceScalar => "text",
        SourceList => "a list",
        _ => "a map",
    };

    // A zero in front would be an octal number to some readers.
    [GeneratedRegex(@"\A-?(?:0|[1-9][0-9]*)\z")]
    private static partial Regex WholeNumber();

    [GeneratedRegex(@"\A[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\z")]
    private static partial Regex Number();
}
