using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace RecoAspire.ServiceDefaults.Sqlite;

/// <summary>
/// Check value of a stored row. SQLite notices damage to the structure of its file, not to the content of a row: a flipped
/// bit in a value would be served.
/// </summary>
public static class RowCheck
{
    /// <summary>XxHash3 over the values, each with its length: integers, text, bytes, or null.</summary>
    public static long Of(params ReadOnlySpan<object?> values)
    {
        var hash = new XxHash3();
        Span<byte> length = stackalloc byte[4];
        foreach (var value in values)
        {
            var bytes = value switch
            {
                null or DBNull => [],
                byte[] blob => blob,
                string text => Encoding.UTF8.GetBytes(text),
                _ => Encoding.ASCII.GetBytes(Convert.ToInt64(value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)),
            };
            BinaryPrimitives.WriteInt32LittleEndian(length, value is null or DBNull ? -1 : bytes.Length);
            hash.Append(length);
            hash.Append(bytes);
        }

        return unchecked((long)hash.GetCurrentHashAsUInt64());
    }

    /// <summary>Throws <see cref="InvalidDataException"/> unless the check belongs to the values.</summary>
    public static void Demand(long check, string what, params ReadOnlySpan<object?> values)
    {
        if (check != Of(values)) throw Damaged(what);
    }

    public static InvalidDataException Damaged(string what) =>
        new($"the store is damaged ({what}): stop the service and delete its files, they are rebuilt from the log");
}
