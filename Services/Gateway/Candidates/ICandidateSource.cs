namespace RecoAspire.Gateway.Candidates;

/// <summary>Proposes titles. Sources run side by side; one that fails notes it in the request and adds nothing.</summary>
public interface ICandidateSource
{
    /// <summary>Adds candidates to the pool.</summary>
    Task AddAsync(RecommendationRequest request, CandidatePool pool, CancellationToken cancellationToken);
}
