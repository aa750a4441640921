using Google.Protobuf;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Contracts.Profile.V1;
using RecoAspire.Profile.History;
using RecoAspire.ServiceDefaults.Sqlite;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.Profile.Stores;

/// <summary>The view `profiles`: what viewers watched, said and prefer, in one SQLite file.</summary>
internal sealed class ProfileView : ILogView, IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly ProfileTables _tables;

    /// <param name="path">The view's file; made when missing.</param>
    /// <exception cref="InvalidDataException">It is not a file that this build reads.</exception>
    public ProfileView(string path)
    {
        Path = path;
        _database = ProfileSchema.OpenWriter(path);
        _tables = new ProfileTables(_database);
    }

    public string Path { get; }

    public string Name => "profiles";

    public IReadOnlyList<string> Topics { get; } = [ServiceDefaults.Views.Topics.Interactions, ServiceDefaults.Views.Topics.ProfileOps];

    public ValueTask<long> GetPositionAsync(string topic, CancellationToken cancellationToken) => ValueTask.FromResult(_tables.Position(topic));

    public ValueTask ApplyAsync(string topic, IReadOnlyList<StoredRecord> records, CancellationToken cancellationToken)
    {
        if (records.Count == 0) return ValueTask.CompletedTask;
        try
        {
            _tables.Begin();
            foreach (var stored in records)
                if (!TryMerge(topic, stored.Record)) ViewMetrics.Rejected(Name, topic);
            _tables.Commit(topic, records[^1].Offset + 1);
        }
        catch
        {
            _tables.Rollback();
            throw;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ResetAsync(CancellationToken cancellationToken)
    {
        try
        {
            _tables.Clear();
        }
        catch
        {
            _tables.Rollback();
            throw;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<ViewDigest> GetDigestAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(ProfileDigest.Compute(_database, cancellationToken));

    public void Dispose()
    {
        _tables.Dispose();
        _database.Dispose();
    }

    private bool TryMerge(string topic, Record record)
    {
        try
        {
            if (topic == ServiceDefaults.Views.Topics.Interactions)
            {
                if (record.Type != Interaction.Descriptor.FullName) return false;
                var interaction = Interaction.Parser.ParseFrom(record.Payload);
                if (!RecordChecks.IsValid(interaction)) return false;
                _tables.Merge(interaction);
                return true;
            }

            if (record.Type != ProfileOperation.Descriptor.FullName) return false;
            var operation = ProfileOperation.Parser.ParseFrom(record.Payload);
            if (!RecordChecks.IsValid(operation)) return false;
            _tables.Merge(operation);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }
}
