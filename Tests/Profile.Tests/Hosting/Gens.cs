using CsCheck;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Contracts.Profile.V1;

namespace RecoAspire.Profile.Tests;

/// <summary>Interactions of few viewers, items and moments, so that they meet.</summary>
internal static class Gens
{
    public static readonly Gen<Interaction> Interaction = Gen.Select(
        Gen.Int[0, 2], Gen.Int[0, 3], Gen.Int[1, 10], Gen.Int[0, 5], Gen.Int[0, 110], Gen.Int[0, 1], Gen.Int[1, 10],
        (viewer, item, kind, at, position, duration, halfStars) => Events.Create(
            (InteractionKind)kind, $"v{viewer}", $"i{item}", Events.Start + at, position, duration * 100,
            kind == (int)InteractionKind.Rate ? halfStars / 2f : 0));

    public static readonly Gen<ProfileOperation> Operation = Gen.Select(
        Gen.Int[0, 2], Gen.Int[0, 3], Gen.Int[0, 3], Gen.Bool, (viewer, at, language, kids) =>
        {
            var operation = Events.SetPreferences($"v{viewer}", Events.Start + at, ((string[])["fr", "en", "de", "ar"])[language]);
            operation.SetPreferences.KidsMode = kids;
            return operation;
        });
}
