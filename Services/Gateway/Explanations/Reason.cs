namespace RecoAspire.Gateway.Explanations;

/// <summary>Why a title is in the list. It names only what was computed for this very answer.</summary>
/// <param name="Kind">nextEpisode, graph, coWatched, similar, taste, trending, popular or discovery.</param>
/// <param name="Text">For viewers, in their language.</param>
/// <param name="SourceItemId">The watched title that caused it.</param>
/// <param name="Via">What both titles share, for kind graph.</param>
public sealed record Reason(string Kind, string Text, string? SourceItemId = null, string? Via = null);
