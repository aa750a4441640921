using System.Globalization;
using System.Text;

namespace RecoAspire.AppHost.Tests;

/// <summary>Processes of this machine, by what the kernel says about them.</summary>
internal static class ProcessList
{
    /// <summary>Living processes that have this variable, with all their descendants: children inherit it.</summary>
    public static IReadOnlyList<int> With(string variable, string value)
    {
        var wanted = Encoding.UTF8.GetBytes($"{variable}={value}\0");
        return [.. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0 && Environment(pid).AsSpan().IndexOf(wanted) >= 0 && !IsGone(pid))];
    }

    /// <summary>A zombie is gone too: nobody has collected it yet.</summary>
    public static bool IsGone(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1][0] is 'Z' or 'X';
        }
        catch (IOException)
        {
            return true;
        }
    }

    // Nothing of what has just ended or belongs to somebody else.
    private static byte[] Environment(int pid)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{pid}/environ");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
