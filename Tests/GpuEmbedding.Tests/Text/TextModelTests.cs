using System.Numerics.Tensors;
using CsCheck;
using RecoAspire.GpuEmbedding.Text;

namespace RecoAspire.GpuEmbedding.Tests.Text;

public sealed class TextModelTests
{
    [Theory]
    [InlineData("L'Été à Montréal", "l ete a montreal")]
    [InlineData("Les Œuvres complètes", "les oeuvres completes")]
    [InlineData("Qu’elle était belle", "ELLE ETAIT BELLE")]
    [InlineData("Cinéma", "Cine\u0301ma")]
    public void Accents_case_ligatures_and_elisions_do_not_matter(string one, string other) => Assert.Equal(Vector(one), Vector(other));

    [Fact]
    public void Words_of_both_languages_that_say_nothing_are_left_out() => Assert.Equal(Vector("the road of the wolf"), Vector("road wolf"));

    [Fact]
    public void A_text_without_words_gives_the_zero_vector()
    {
        Assert.All(Vector(""), v => Assert.Equal(0f, v));
        Assert.All(Vector("… — !"), v => Assert.Equal(0f, v));
    }

    [Fact]
    public void Every_other_vector_has_unit_length() => Gen.String[Gen.Char.AlphaNumeric, 3, 200].Sample(text =>
    {
        var vector = Vector($"mot {text}");
        Assert.Equal(1f, TensorPrimitives.Norm<float>(vector), 1e-4f);
    });

    [Fact]
    public void The_vector_of_a_text_is_the_same_on_every_machine_and_in_every_version()
    {
        // Golden values: whoever changes them changes what stored vectors mean, and must change the model's version.
        var rounded = string.Join(' ', Vector("La Belle Équipe de Brest, une comédie sur l'amitié").Take(6).Select(v => v.ToString("0.0000", System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(Golden, rounded);
    }

    [Fact]
    public void A_title_is_nearest_to_itself_also_without_accents_and_with_a_slip()
    {
        string[] titles = ["Les Gardiens de la forêt", "La Traversée des sables", "L'Énigme du laboratoire", "Le Grand Fleuve", "Les Inventeurs oubliés", "La Forêt de verre"];
        Assert.Equal(0, Nearest("les gardiens de la foret", titles));
        Assert.Equal(1, Nearest("la traverse des sables", titles));
        Assert.Equal(2, Nearest("enigme du laboratoir", titles));
        Assert.Equal(4, Nearest("Inventeurs oublies", titles));
    }

    [Fact]
    public void A_rare_word_outweighs_one_that_every_document_has()
    {
        var frequencies = new TextModel.Frequencies();
        for (var i = 0; i < 500; i++) frequencies.Add(Features($"histoire numero{i}"));
        frequencies.Add(Features("histoire baleine"));
        var model = frequencies.ToModel("text-501");

        var query = Project(model, "histoire baleine");

        Assert.True(Dot(query, Project(model, "baleine")) > 2 * Dot(query, Project(model, "histoire")));
    }

    private const string Golden = "0.0000 -0.0390 -0.0236 -0.0236 0.1060 0.0000";

    private static int Nearest(string query, string[] titles)
    {
        var vector = Vector(query);
        return Enumerable.Range(0, titles.Length).MaxBy(i => Dot(vector, Vector(titles[i])));
    }

    private static float Dot(float[] a, float[] b) => TensorPrimitives.Dot<float>(a, b);

    private static float[] Vector(string text) => Project(TextModel.Uniform, text);

    private static float[] Project(TextModel model, string text)
    {
        var vector = new float[TextModel.Dimensions];
        model.Project(Features(text), vector);
        return vector;
    }

    private static Dictionary<ulong, float> Features(string text)
    {
        var features = new Dictionary<ulong, float>();
        TextFeatures.Add(text, 1f, features);
        return features;
    }
}
