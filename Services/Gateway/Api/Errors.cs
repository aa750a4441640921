namespace RecoAspire.Gateway.Api;

/// <summary>Collects what is wrong with a request, by field, so that the caller learns everything at once (up to a bound).</summary>
public sealed class Errors
{
    private const int MaxFields = 20;
    private readonly Dictionary<string, string[]> _byField = new(StringComparer.Ordinal);

    /// <summary>Something is wrong.</summary>
    public bool Any => _byField.Count > 0;

    /// <summary>Enough is wrong: no need to look further.</summary>
    public bool Full => _byField.Count >= MaxFields;

    public void Add(string field, string problem)
    {
        if (!Full) _byField.TryAdd(field, [problem]);
    }

    /// <summary>The answer: 400, problem+json.</summary>
    public IResult ToResult() => Results.ValidationProblem(_byField, title: "The request is not valid.");

    /// <summary>An answer about one field.</summary>
    public static IResult One(string field, string problem)
    {
        var errors = new Errors();
        errors.Add(field, problem);
        return errors.ToResult();
    }
}
