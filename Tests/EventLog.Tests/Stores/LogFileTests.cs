using Microsoft.Data.Sqlite;
using RecoAspire.EventLog.Stores;

namespace RecoAspire.EventLog.Tests.Stores;

public sealed class LogFileTests
{
    [Fact]
    public void Two_processes_cannot_have_one_log()
    {
        using var log = new TestLog();
        var error = Assert.Throws<InvalidDataException>(() => LogFile.Open(log.Folder, TimeProvider.System));
        Assert.Contains("in use by another process", error.Message);
    }

    [Fact]
    public void A_newer_schema_is_refused_by_number()
    {
        using var log = new TestLog();
        log.Close();
        Execute(log, "PRAGMA user_version=7");
        var error = Assert.Throws<InvalidDataException>(() => LogFile.Open(log.Folder, TimeProvider.System));
        Assert.Contains("schema version 7; this build reads only version 1", error.Message);
        Execute(log, "PRAGMA user_version=1");
        log.Reopen();
    }

    [Fact]
    public void Another_programs_database_is_left_alone()
    {
        using var log = new TestLog();
        log.Close();
        Execute(log, "PRAGMA application_id=42");
        var error = Assert.Throws<InvalidDataException>(() => LogFile.Open(log.Folder, TimeProvider.System));
        Assert.Contains("database of another program", error.Message);
        Execute(log, $"PRAGMA application_id={0x524C4F47}");
        log.Reopen();
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory("reco-log-").FullName;
        File.WriteAllText(Path.Combine(folder, LogFile.FileName), new string('x', 10_000));
        var error = Assert.Throws<InvalidDataException>(() => LogFile.Open(folder, TimeProvider.System));
        Assert.Contains("cannot be opened", error.Message);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_flipped_bit_in_a_record_is_noticed_and_never_served()
    {
        using var log = new TestLog();
        await log.AppendAsync("t", Enumerable.Range(0, 200).Select(n => $"event-number-{n}"));
        log.Close();
        var path = Path.Combine(log.Folder, LogFile.FileName);
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var at = bytes.AsSpan().IndexOf("event-number-150"u8);
        Assert.True(at > 0);
        bytes[at + 20] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        log.Reopen();
        var error = Assert.Throws<InvalidDataException>(() => log.ReadAll("t"));
        Assert.Equal("the log is damaged: record 150 of topic 't' is missing or altered", error.Message);
    }

    [Fact]
    public async Task A_torn_page_is_noticed_at_the_start_and_named()
    {
        using var log = new TestLog();
        await log.AppendAsync("t", Enumerable.Range(0, 2_000).Select(n => $"e{n}"));
        log.Close();
        var path = Path.Combine(log.Folder, LogFile.FileName);
        var whole = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var torn = whole.ToArray();
        torn.AsSpan(whole.Length / 4096 / 2 * 4096, 4096).Clear();
        await File.WriteAllBytesAsync(path, torn, TestContext.Current.CancellationToken);
        var error = Assert.Throws<InvalidDataException>(() => LogFile.Open(log.Folder, TimeProvider.System));
        Assert.Contains("is damaged", error.Message);
        await File.WriteAllBytesAsync(path, whole, TestContext.Current.CancellationToken);
        log.Reopen();
    }

    [Fact]
    public async Task A_missing_record_is_noticed()
    {
        using var log = new TestLog();
        await log.AppendAsync("t", Enumerable.Range(0, 200).Select(n => $"e{n}"));
        log.Close();
        Execute(log, "DELETE FROM records_1 WHERE record_offset = 77");
        log.Reopen();
        var error = Assert.Throws<InvalidDataException>(() => log.ReadAll("t", maxRecords: 50));
        Assert.Contains("record 77", error.Message);
    }

    [Fact]
    public async Task The_write_ahead_file_stays_bounded()
    {
        using var log = new TestLog();
        long largest = 0;
        for (var i = 0; i < 150; i++)
        {
            await log.AppendAsync("t", Enumerable.Range(i * 5_000, 5_000).Select(n => $"a-rather-long-event-id-to-fill-pages-{n}"));
            largest = Math.Max(largest, new FileInfo(Path.Combine(log.Folder, LogFile.FileName + "-wal")).Length);
        }

        Assert.InRange(largest, 1, 64L << 20);
    }

    private static void Execute(TestLog log, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(log.Folder, LogFile.FileName)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
