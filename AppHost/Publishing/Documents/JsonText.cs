using System.Text.Encodings.Web;
using System.Text.Json;

namespace RecoAspire.Publishing.Documents;

/// <summary>Writes trees as indented JSON; comments are left out. Lines end in \n.</summary>
public static class JsonText
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The tree as JSON, with a line end.</summary>
    public static string Write(Node node)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Options)) Write(writer, node);
        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length) + "\n";
    }

    private static void Write(Utf8JsonWriter writer, Node node)
    {
        switch (node)
        {
            case Map map:
                writer.WriteStartObject();
                foreach (var (key, value) in map.Entries)
                {
                    writer.WritePropertyName(key);
                    Write(writer, value);
                }

                writer.WriteEndObject();
                break;
            case Sequence sequence:
                writer.WriteStartArray();
                foreach (var item in sequence.Items) Write(writer, item);
                writer.WriteEndArray();
                break;
            case Scalar { Value: string text }: writer.WriteStringValue(text); break;
            case Scalar { Value: bool truth }: writer.WriteBooleanValue(truth); break;
            case Scalar scalar: writer.WriteRawValue(scalar.Text); break;
        }
    }
}
