using Google.Protobuf;
using RecoAspire.Contracts.Profile.V1;
using RecoAspire.Profile.Stores;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.Profile.Tests;

/// <summary>The view in a folder of its own; it can be closed and opened again.</summary>
internal sealed class TestView : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("reco-profile-").FullName;

    public TestView() => View = Open();

    public ProfileView View { get; private set; }

    public void Reopen()
    {
        View.Dispose();
        View = Open();
    }

    /// <summary>Applies messages in batches, as the runner would; goes on where the view stands.</summary>
    public async Task ApplyAsync(string topic, IEnumerable<IMessage> messages, int batch = 1_000)
    {
        foreach (var chunk in messages.Chunk(batch))
        {
            var position = await View.GetPositionAsync(topic, CancellationToken.None);
            await View.ApplyAsync(topic, Events.Store(chunk, position), CancellationToken.None);
        }
    }

    public Task ApplyAsync(params IEnumerable<IMessage> interactions) => ApplyAsync(Topics.Interactions, interactions);

    public ViewerProfile Read(string viewer = "v1", int limit = 100)
    {
        using var reader = new ProfileReader(View.Path);
        return reader.Read(viewer, limit);
    }

    public ProfileStats Stats()
    {
        using var reader = new ProfileReader(View.Path);
        return reader.Stats();
    }

    public async Task<ViewDigest> DigestAsync() => await View.GetDigestAsync(CancellationToken.None);

    public void Dispose()
    {
        View.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private ProfileView Open() => new(Path.Combine(_folder, ProfileSchema.FileName));
}
