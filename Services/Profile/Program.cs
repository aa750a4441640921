using RecoAspire.Profile.Api;
using RecoAspire.Profile.Stores;
using RecoAspire.ServiceDefaults;
using RecoAspire.ServiceDefaults.Sqlite;
using RecoAspire.ServiceDefaults.Views;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(httpPort: 7141, grpcPort: 7142);

ProfileView view;
try
{
    view = new ProfileView(Path.Combine(builder.Configuration.GetDataDirectory("profile"), ProfileSchema.FileName));
}
catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"profile: {e.Message}");
    return 2;
}

builder.Services.AddSingleton(_ => view);
builder.Services.AddSingleton(_ => new SqliteReaderPool<ProfileReader>(() => new ProfileReader(view.Path), maxReaders: 8));
builder.Services.AddSingleton<PreferenceUpdate>();
builder.AddLogView<ProfileView>(mustCatchUp: false);

var app = builder.Build();
app.MapServiceDefaults();
app.MapGrpcService<ProfileApi>();
app.MapGrpcService<ViewApi>();
app.Run();
return 0;
