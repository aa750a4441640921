using RecoAspire.Contracts.Graph.V1;

namespace RecoAspire.Graph.Structure;

/// <summary>How an item is tied to a node. Actors are told apart by their place in the credits. At most 64 values: they share a word with a node number.</summary>
internal enum Relation
{
    Director,
    Writer,
    Actor1,
    Actor2,
    Actor3,
    Actor4,
    Actor5,
    ActorFurther,
    Presenter,
    Producer,
    Series,
    Theme,
    Genre,
    Country,
    Language,
    Channel,
}

/// <summary>
/// The one place for the weights of the graph. They say how much two programmes have in common that share a director, an
/// actor, a genre; the first-billed actors count for more than the rest of the cast.
/// </summary>
internal static class RelationWeights
{
    /// <summary>Number of relations.</summary>
    public const int Count = (int)Relation.Channel + 1;

    /// <summary>
    /// Nodes with more items than this say less than their logarithm suggests: beyond it specificity falls with the square
    /// root of the degree, so that one shared country never outweighs one shared director.
    /// </summary>
    public const int HubDegree = 200;

    private static readonly double[] Weights = Build();

    public static double Of(Relation relation) => Weights[(int)relation];

    /// <summary>How much a node says that this many items share: 1 / ln(2 + degree), damped for hubs. In (0, 0.92].</summary>
    public static double Specificity(int degree)
    {
        var specificity = 1 / Math.Log(2 + degree);
        return degree <= HubDegree ? specificity : specificity * Math.Sqrt((double)HubDegree / degree);
    }

    /// <summary>The relation as it is called outside.</summary>
    public static string NameOf(Relation relation) => relation switch
    {
        Relation.Director => "director",
        Relation.Writer => "writer",
        >= Relation.Actor1 and <= Relation.ActorFurther => "actor",
        Relation.Presenter => "presenter",
        Relation.Producer => "producer",
        Relation.Series => "series",
        Relation.Theme => "theme",
        Relation.Genre => "genre",
        Relation.Country => "country",
        Relation.Language => "language",
        _ => "channel",
    };

    /// <summary>The relation of an actor by place in the credits, from 0.</summary>
    public static Relation Actor(int billing) => (Relation)Math.Min((int)Relation.Actor1 + billing, (int)Relation.ActorFurther);

    public static NodeType TypeOf(Relation relation) => relation switch
    {
        Relation.Series => NodeType.Series,
        Relation.Theme => NodeType.Theme,
        Relation.Genre => NodeType.Genre,
        Relation.Country => NodeType.Country,
        Relation.Language => NodeType.Language,
        Relation.Channel => NodeType.Channel,
        _ => NodeType.Person,
    };

    private static double[] Build()
    {
        var weights = new double[Count];
        weights[(int)Relation.Director] = 1.0;
        weights[(int)Relation.Writer] = 0.8;
        weights[(int)Relation.Actor1] = 0.75;
        weights[(int)Relation.Actor2] = 0.7;
        weights[(int)Relation.Actor3] = 0.65;
        weights[(int)Relation.Actor4] = 0.6;
        weights[(int)Relation.Actor5] = 0.55;
        weights[(int)Relation.ActorFurther] = 0.5;
        weights[(int)Relation.Presenter] = 0.5;
        weights[(int)Relation.Series] = 0.45;
        weights[(int)Relation.Theme] = 0.35;
        weights[(int)Relation.Producer] = 0.25;
        weights[(int)Relation.Genre] = 0.2;
        weights[(int)Relation.Country] = 0.05;
        weights[(int)Relation.Language] = 0.05;
        weights[(int)Relation.Channel] = 0.05;
        return weights;
    }
}
