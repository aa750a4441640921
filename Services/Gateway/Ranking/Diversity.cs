using RecoAspire.Gateway.Candidates;
using RecoAspire.Gateway.Catalog;

namespace RecoAspire.Gateway.Ranking;

/// <summary>
/// Maximal marginal relevance (Carbonell and Goldstein 1998): each next title is the one whose score, less its likeness to
/// the titles already chosen, is highest. At most one episode of a series.
/// </summary>
public sealed class Diversity(RankingOptions options)
{
    /// <summary>Chooses <paramref name="count"/> of the candidates, which must be sorted best first.</summary>
    public List<Candidate> Choose(List<Candidate> sorted, int count)
    {
        // The best of each series before the cut: a long series must not fill the window and leave the list short.
        var window = sorted.DistinctBy(c => (c.Item.SeriesId, c.Item.SeriesId.Length > 0 ? -1 : c.Item.Ordinal)).Take(Math.Max(100, count * 4)).ToList();
        var likeness = new double[window.Count];
        var taken = new bool[window.Count];
        var chosen = new List<Candidate>(count);
        while (chosen.Count < count)
        {
            var best = -1;
            for (var i = 0; i < window.Count; i++)
            {
                if (!taken[i] && (best < 0 || Value(window, likeness, i) > Value(window, likeness, best))) best = i;
            }

            if (best < 0) break;
            taken[best] = true;
            chosen.Add(window[best]);
            for (var i = 0; i < window.Count; i++)
            {
                if (!taken[i]) likeness[i] = Math.Max(likeness[i], Likeness(window[i].Item, window[best].Item));
            }
        }

        return chosen;
    }

    private double Value(List<Candidate> window, double[] likeness, int i) => window[i].Score - (options.Diversity * likeness[i]);

    /// <summary>Jaccard index of genres and people, 0-1.</summary>
    internal static double Likeness(CatalogItem a, CatalogItem b)
    {
        var shared = Shared(a.Genres, b.Genres) + Shared(a.People, b.People);
        var all = a.Genres.Length + b.Genres.Length + a.People.Length + b.People.Length - shared;
        return all == 0 ? 0 : (double)shared / all;
    }

    private static int Shared(string[] a, string[] b)
    {
        var shared = 0;
        foreach (var name in a)
        {
            if (Array.IndexOf(b, name) >= 0) shared++;
        }

        return shared;
    }
}
