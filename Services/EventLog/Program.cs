using RecoAspire.EventLog.Api;
using RecoAspire.EventLog.Log;
using RecoAspire.EventLog.Stores;
using RecoAspire.ServiceDefaults;
using RecoAspire.ServiceDefaults.Sqlite;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(httpPort: 7101, grpcPort: 7102);

LogFile file;
try
{
    file = LogFile.Open(
        builder.Configuration.GetDataDirectory("eventlog"), TimeProvider.System, maxBytes: builder.Configuration.GetValue("Log:MaxBytes", 0L));
}
catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"eventlog: {e.Message}");
    return 2;
}

// The container closes them in the opposite order: first the writer, which empties its queue, then the readers, then the file.
builder.Services.AddSingleton(_ => file);
builder.Services.AddSingleton<CommitSignal>();
builder.Services.AddSingleton(_ => new SqliteReaderPool<LogReader>(() => new LogReader(file.Path), maxReaders: 8));
builder.Services.AddSingleton<GroupCommit>();
builder.Services.AddSingleton<TopicFollower>();
builder.Services.AddHealthChecks().AddCheck<LogHealthCheck>("log", tags: ["ready"]);

var app = builder.Build();
app.Services.GetRequiredService<GroupCommit>();
app.MapServiceDefaults();
app.MapGrpcService<EventLogApi>();
app.Run();
return 0;
