using System.Text;
using RecoAspire.Gateway.Candidates;
using RecoAspire.Gateway.Popularity;

namespace RecoAspire.Gateway.Ranking;

/// <summary>One score out of many features: a weighted sum (<see cref="RankingOptions"/>).</summary>
public sealed class Blend(RankingOptions options, PopularityIndex popularity, TimeProvider time)
{
    /// <summary>Scores for a viewer with a history, and sorts: best first, equal scores by id.</summary>
    public void Score(List<Candidate> candidates)
    {
        var strongestPath = candidates.Count == 0 ? 0 : candidates.Max(c => c.Graph);
        foreach (var candidate in candidates) candidate.Score = ScoreOf(candidate, strongestPath);
        Sort(candidates);
    }

    /// <summary>
    /// Scores for a viewer without history: what is watched around them, and a part of chance that is the same for one viewer
    /// within an hour and differs between viewers.
    /// </summary>
    public void ScoreColdStart(List<Candidate> candidates, string viewerId)
    {
        var hour = time.GetUtcNow().ToUnixTimeSeconds() / 3600;
        foreach (var candidate in candidates)
        {
            var known = (0.5 * candidate.Trend) + (0.5 * popularity.ShareOf(candidate.Item.Ordinal));
            candidate.Score = ((1 - options.Exploration) * known) + (options.Exploration * Chance(viewerId, hour, candidate.Item.Id));
        }

        Sort(candidates);
    }

    private double ScoreOf(Candidate candidate, double strongestPath)
    {
        var content = float.IsNaN(candidate.Content) ? 0 : Math.Max(0, candidate.Content);
        var collaborative = float.IsNaN(candidate.Collaborative) ? options.ColdContent * content : candidate.Collaborative;
        return (options.Collaborative * collaborative)
            + (options.Content * content)
            + (options.Graph * (strongestPath > 0 ? candidate.Graph / strongestPath : 0))
            + (options.Trend * candidate.Trend)
            + (options.Popularity * popularity.ShareOf(candidate.Item.Ordinal))
            + (candidate.NextAfter is null ? 0 : options.NextEpisode);
    }

    private static void Sort(List<Candidate> candidates) => candidates.Sort((a, b) =>
    {
        var byScore = b.Score.CompareTo(a.Score);
        return byScore != 0 ? byScore : string.CompareOrdinal(a.Item.Id, b.Item.Id);
    });

    // FNV-1a with a final mix: uniform enough to shuffle, stable across processes.
    private static double Chance(string viewerId, long hour, string itemId)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in Encoding.UTF8.GetBytes($"{viewerId}\n{hour}\n{itemId}")) hash = (hash ^ b) * 1099511628211UL;
        hash ^= hash >> 32;
        hash *= 0xD6E8FEB86659FD93UL;
        hash ^= hash >> 32;
        return (hash >> 11) * (1.0 / (1UL << 53));
    }
}
