using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Contracts.Profile.V1;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.Gateway.Tests.Hosting;

/// <summary>What the log says, read anew for every question: slow, simple, and never out of date.</summary>
internal sealed class LogState(InMemoryEventLog log)
{
    private (int Records, Dictionary<string, Item> Items) _catalogue = (-1, []);

    /// <summary>The catalogue by item id.</summary>
    public IReadOnlyDictionary<string, Item> Items
    {
        get
        {
            var records = log.Read(Topics.Catalog);
            if (_catalogue.Records == records.Count) return _catalogue.Items;
            var items = new Dictionary<string, Item>(StringComparer.Ordinal);
            foreach (var stored in records)
            {
                var change = CatalogChange.Parser.ParseFrom(stored.Record.Payload);
                if (change.ChangeCase == CatalogChange.ChangeOneofCase.Upsert) items[change.Upsert.Id] = change.Upsert;
                else items.Remove(change.RemovedItemId);
            }

            _catalogue = (records.Count, items);
            return items;
        }
    }

    /// <summary>What a viewer did, in the order of the log.</summary>
    public IEnumerable<Interaction> InteractionsOf(string viewerId) => log.Read(Topics.Interactions)
        .Where(r => r.Record.Key == viewerId)
        .Select(r => Interaction.Parser.ParseFrom(r.Record.Payload));

    /// <summary>Last preferences of a viewer; null = none.</summary>
    public Preferences? PreferencesOf(string viewerId) => log.Read(Topics.ProfileOps)
        .Where(r => r.Record.Key == viewerId)
        .Select(r => ProfileOperation.Parser.ParseFrom(r.Record.Payload).SetPreferences)
        .LastOrDefault();
}
