namespace RecoAspire.AppHost.Tests;

/// <summary>A folder that goes with the test, also where a process that has just been killed still writes into it.</summary>
internal sealed class TestFolder : IAsyncDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("apphost-").FullName;

    public async ValueTask DisposeAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Directory.Delete(Path, recursive: true);
                return;
            }
            catch (IOException) when (attempt < 100)
            {
                await Task.Delay(20);
            }
        }
    }
}
