using RecoAspire.Ops.Import;
using RecoAspire.Ops.Import.Films;
using RecoAspire.Tests;

namespace RecoAspire.Ops.Tests;

public sealed class FilmsReaderTests
{
    private const string TitlesHeader = "platform,show_id,type,title,director,cast,country,date_added,release_year,rating,duration,listed_in,description\n";
    private const string ApprovedHeader = "annee,visa,titre,realisateur,producteurs,devis,genre,eof,rang,asr,tv_payante,tv_clair,sofica,credit_impot,aide_regionale,nationalite\n";

    private static ImportedData Titles(string rows)
    {
        using var folder = new Scratch().Write("titles.csv.gz", TitlesHeader + rows);
        return FilmsReader.Read(folder.Path);
    }

    private static ImportedData Approved(string rows)
    {
        using var folder = new Scratch().Write("films-agrees-2003-2024.csv", ApprovedHeader + rows);
        return FilmsReader.Read(folder.Path);
    }

    [Fact]
    public void A_film_of_a_streaming_catalogue_keeps_what_the_catalogue_says()
    {
        var item = Assert.Single(Titles("alpha,s1,Movie,\"Rain, Again\",Ada Moreau,\"Bo Lind, Cy Ouattara\",\"France, Belgium, West Germany\",\"May 1, 2020\",2019,PG-13,97 min,\"Dramas, Comedies\",\"She said \"\"no\"\".\"\n").Items);

        Assert.Equal(("ott-alpha-s1", "film", "Rain, Again", 2019, 5_820, 13, "alpha"), (item.Id, item.Kind, item.Title, item.Year, item.DurationSeconds, item.MinimumAgeYears, item.Channel));
        Assert.Equal([("Ada Moreau", "director"), ("Bo Lind", "actor"), ("Cy Ouattara", "actor")], item.Credits);
        Assert.Equal(["FR", "BE", "DE"], item.Countries);
        Assert.Equal(["dramas", "comedies"], item.Genres);
        Assert.Equal("She said \"no\".", item.Synopsis);
        Assert.Empty(item.AudioLanguages);
    }

    [Theory]
    [InlineData("TV-Y", 0)]
    [InlineData("TV-Y7", 7)]
    [InlineData("PG", 10)]
    [InlineData("TV-14", 14)]
    [InlineData("16+", 16)]
    [InlineData("TV-MA", 17)]
    [InlineData("NC-17", 18)]
    [InlineData("", 18)]
    [InlineData("NR", 18)]
    [InlineData("some new rating", 18)]
    public void An_age_rating_becomes_years_and_what_nobody_rated_is_for_adults(string rating, int years) =>
        Assert.Equal(years, Titles($"a,s1,Movie,X,,,,,2000,{rating},1 min,,\n").Items[0].MinimumAgeYears);

    [Fact]
    public void A_running_time_in_the_column_of_the_rating_is_found()
    {
        var item = Titles("a,s1,Movie,X,,,,,2000,74 min,,,\n").Items[0];
        Assert.Equal((74 * 60, 18), (item.DurationSeconds, item.MinimumAgeYears));
    }

    [Theory]
    [InlineData("Movie", "Dramas", "film")]
    [InlineData("Movie", "Documentaries", "documentary")]
    [InlineData("TV Show", "TV Dramas", "episode")]
    [InlineData("TV Show", "Docuseries", "documentary")]
    [InlineData("TV Show", "Reality TV", "magazine")]
    public void Shows_are_of_a_kind_that_can_be_recommended(string type, string genre, string kind) =>
        Assert.Equal(kind, Titles($"a,s1,{type},X,,,,,2000,G,2 Seasons,{genre},\n").Items[0].Kind);

    [Fact]
    public void One_title_on_several_platforms_is_one_item_with_what_each_of_them_knows_and_the_strictest_age()
    {
        var items = Titles(
            "alpha,s1,Movie,The Hill,,,,,2001,PG,,Drama,\n"
            + "beta,s9,Movie,THE HILL,Ada Moreau,Bo Lind,France,,2001,R,90 min,War,On a hill.\n"
            + "beta,s10,Movie,The Hill,,,,,2002,G,80 min,Drama,\n"
            + "beta,s11,TV Show,The Hill,,,,,2001,G,1 Season,Drama,\n").Items;

        Assert.Equal(["ott-alpha-s1", "ott-beta-s10", "ott-beta-s11"], items.Select(i => i.Id));
        Assert.Equal((17, 5_400, "On a hill.", "alpha"), (items[0].MinimumAgeYears, items[0].DurationSeconds, items[0].Synopsis, items[0].Channel));
        Assert.Equal(["drama", "war"], items[0].Genres);
        Assert.Equal(["beta"], items[0].Themes);
        Assert.Equal(2, items[0].Credits.Count);
    }

    [Theory]
    [InlineData("a,s1,Movie,X\n", "titles.csv.gz:2: has 4 fields instead of 13")]
    [InlineData("a,s1,Movie,X,,,,,200x,G,,,\n", "titles.csv.gz:2: '200x' is no year")]
    [InlineData("a,s1,Movie,X,,,,,2000,G,,,\"two\nlines\"\na,s2,Film,X,,,,,2000,G,,,\n", "titles.csv.gz:4: 'Film' is no type (Movie, TV Show)")]
    [InlineData("a,s1,Movie, ,,,,,2000,G,,,\n", "titles.csv.gz:2: has no title")]
    [InlineData("a,s 1,Movie,X,,,,,2000,G,,,\n", "titles.csv.gz:2: platform 'a' and show_id 's 1' must have 1-60 letters, digits, '.', '_' or '-'")]
    [InlineData("a,s1,Movie,X,,,,,2000,G,,,\"never closed\n", "titles.csv.gz:2: a quoted field is not closed: the file breaks off")]
    [InlineData("a,s1,Movie,X,,,,,2000,G,,,cut", "titles.csv.gz:2: the last line has no line break: the file breaks off")]
    public void A_broken_row_is_named_with_the_line_on_which_it_begins(string rows, string message)
    {
        var error = Assert.Throws<OpsException>(() => Titles(rows));
        Assert.Equal(message, error.Message);
        Assert.Equal(2, error.ExitCode);
    }

    [Fact]
    public void An_approved_film_is_written_as_the_french_write_it()
    {
        var item = Assert.Single(Approved("2020,123 456,Étoile du matin (L'),DÉLÉAGE Zoé / NOËL-RICHARD Marc,P1 / P2,1000,Fiction,O,1,,C+ Ciné+,F2,,,,Fr-80 / Belg-11 / Suis-9\n").Items);

        Assert.Equal(("cnc-123456", "film", "L'Étoile du matin", 2020, "France 2"), (item.Id, item.Kind, item.Title, item.Year, item.Channel));
        Assert.Equal([("Zoé Déléage", "director"), ("Marc Noël-Richard", "director")], item.Credits);
        Assert.Equal(["FR", "BE", "CH"], item.Countries);
        Assert.Equal(["fiction"], item.Genres);
        Assert.Empty(item.AudioLanguages);
    }

    [Theory]
    [InlineData("docu", "documentary", "documentaire")]
    [InlineData("Documentaire", "documentary", "documentaire")]
    [InlineData("anim", "film", "animation")]
    [InlineData("Animation", "film", "animation")]
    [InlineData("fiction", "film", "fiction")]
    public void Genres_are_normalised(string written, string kind, string genre)
    {
        var item = Approved($"2020,1,X,,,,{written},,,,,,,,,Fr-100\n").Items[0];
        Assert.Equal((kind, genre), (item.Kind, item.Genres[0]));
    }

    [Theory]
    [InlineData("Comte de la Lande (Le)", "Le Comte de la Lande")]
    [InlineData("Nuits (les)", "Les Nuits")]
    [InlineData("Divine (ex : La Reine)", "Divine (ex : La Reine)")]
    public void Postponed_articles_come_to_the_front(string written, string title) => Assert.Equal(title, ApprovedFilmsReader.TitleOf(written));

    [Theory]
    [InlineData("LEGRAND Luc", "Luc Legrand")]
    [InlineData("DE LA TOUR Anne-Marie", "Anne-Marie De La Tour")]
    [InlineData("D'ARTOIS Éva", "Éva D'Artois")]
    [InlineData("Luc LEGRAND", "Luc Legrand")]
    public void Names_of_people_are_turned_round_with_their_accents(string written, string name) => Assert.Equal(name, ApprovedFilmsReader.PersonOf(written));

    [Fact]
    public void Films_without_a_visa_or_sharing_one_stay_apart()
    {
        var items = Approved("2020,7,A,,,,fiction,,,,,,,,,\n2020,7,B,,,,fiction,,,,,,,,,\n2020,,C,,,,fiction,,,,,,,,,\n2020,,D,,,,fiction,,,,,,,,,\n").Items;
        Assert.Equal(4, items.Select(i => i.Id).Distinct().Count());
    }

    [Fact]
    public void A_folder_that_holds_both_imports_both()
    {
        using var folder = new Scratch()
            .Write("one/titles.csv", TitlesHeader + "a,s1,Movie,X,,,,,2000,G,,,\n")
            .Write("two/films-agrees-2003-2024.csv.gz", ApprovedHeader + "2020,1,X,,,,fiction,,,,,,,,,\n");
        Assert.Equal(["ott-a-s1", "cnc-1"], FilmsReader.Read(folder.Path).Items.Select(i => i.Id));
    }

    [Theory]
    [InlineData("films/ott-catalogues", 22_573)]
    [InlineData("films/cnc", 5_851)]
    public async Task The_real_catalogues_are_read_completely_and_the_api_takes_them(string set, int count)
    {
        var data = FilmsReader.Read(RealData.Require(set));
        Assert.Equal(count, data.Items.Count);
        Assert.Equal(count, data.Items.Select(i => i.Id).Distinct().Count());

        using var scratch = new Scratch();
        await using var gateway = await LocalGateway.StartAsync();
        using var client = gateway.Client();
        await new Importer(client, scratch.State, TimeProvider.System).RunAsync(data, TestContext.Current.CancellationToken);
        Assert.Equal(count, gateway.Items.Count);
    }

    [Fact]
    public void Most_nationalities_of_the_real_list_become_country_codes()
    {
        var countries = FilmsReader.Read(RealData.Require("films/cnc")).Items.SelectMany(i => i.Countries).ToList();
        Assert.True(countries.Count(c => c.Length == 2) > 0.97 * countries.Count, string.Join(", ", countries.Where(c => c.Length != 2).CountBy(c => c).OrderByDescending(c => c.Value).Take(40)));
    }
}
