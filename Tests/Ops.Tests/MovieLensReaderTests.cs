using System.Text;
using Microsoft.Extensions.Time.Testing;
using RecoAspire.Ops.Import;
using RecoAspire.Ops.Import.MovieLens;
using RecoAspire.Tests;

namespace RecoAspire.Ops.Tests;

public sealed class MovieLensReaderTests
{
    private static readonly FakeTimeProvider Time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    internal static ImportedData Read(string folder, string? titles = null)
    {
        using var reader = new MovieLensReader(folder, titles, Time);
        return reader.Read();
    }

    internal static Scratch Layout100K(string ratings = "7\t2\t4\t900000200\n7\t1\t5\t900000100\n8\t1\t3\t900000300\n") => new Scratch()
        .Write("u.genre", "unknown|0\nDrama|1\nChildren's|2\n\n")
        .Write("u.item", "1|Été à Namur, L' (1991)|01-Jan-1991||http://x|0|1|0\n2|Owls, The (1990)|01-Jan-1990||http://x|0|0|1\n", Encoding.Latin1)
        .Write("u.user", "7|30|F|other|1000\n8|31|M|other|1000\n")
        .Write("u.data", ratings);

    internal static Scratch Layout1M(string ratings = "1::10::5::978300760\n1::20::3::978300761\n") => new Scratch()
        .Write("movies.dat", "10::Forêt, La (1988)::Drama|Comedy\n20::Gone (1989)::Thriller\n", Encoding.Latin1)
        .Write("users.dat", "1::F::1::10::48067\n")
        .Write("ratings.dat", ratings);

    internal static Scratch LayoutLatest(string ratings = "userId,movieId,rating,timestamp\n1,5,0.5,1000000000\n1,6,4.5,999999999\n") => new Scratch()
        .Write("movies.csv", "movieId,title,genres\n5,\"Lake, The (Lac, Le) (2001)\",Drama|Romance\n6,Blue (2002),(no genres listed)\n")
        .Write("tags.csv", "userId,movieId,tag,timestamp\n1,5,Slow Burn,1000000000\n2,5,slow burn,1000000001\n2,5,water,1000000002\n")
        .Write("ratings.csv", ratings);

    internal static Scratch LayoutNcf(string train = "0\t0\t5\n0\t1\t3\n1\t0\t4\n") => new Scratch()
        .Write("ml-1m.items.csv.gz", "item,movie\n0,10\n1,20\n")
        .Write("ml-1m.train.tsv.gz", train)
        .Write("titles/movies.dat", "10::Forêt, La (1988)::Drama|Comedy\n20::Gone (1989)::Thriller\n", Encoding.Latin1);

    [Fact]
    public void Ml_100k_gives_films_and_ratings_in_the_order_of_time()
    {
        using var layout = Layout100K();
        var data = Read(layout.Path);

        Assert.Equal(["ml100k-1", "ml100k-2"], data.Items.Select(i => i.Id));
        Assert.Equal(["L'Été à Namur", "The Owls"], data.Items.Select(i => i.Title));
        Assert.Equal([1991, 1990], data.Items.Select(i => i.Year));
        Assert.Equal(["drama"], data.Items[0].Genres);
        Assert.Equal([(7, 1, 900000100L), (7, 2, 900000200L), (8, 1, 900000300L)], data.Events.Select(e => (e.User, e.Item, e.UnixSeconds)));
        Assert.Equal(2, data.Viewers);
        Assert.Equal("ml100k-7", data.UserId(7));
    }

    [Fact]
    public void Ml_1m_of_grouplens_is_read_in_iso_8859_1()
    {
        using var layout = Layout1M();
        var data = Read(layout.Path);

        Assert.Equal("La Forêt", data.Items[0].Title);
        Assert.Equal(["drama", "comedy"], data.Items[0].Genres);
        Assert.Equal([5f, 3f], data.Events.Select(e => e.Rating));
    }

    [Fact]
    public void Ml_1m_with_positions_keeps_their_order_and_makes_no_times_up()
    {
        using var layout = Layout1M();
        File.Delete(Path.Combine(layout.Path, "ratings.dat"));
        layout.Write("ratings.csv.gz", "user,movie,rating,timestamp,seq\n1,10,5,,2\n1,20,3,,1\n");
        var data = Read(layout.Path);

        Assert.Equal([20, 10], data.Events.Select(e => e.Item));
        Assert.All(data.Events, e => Assert.Equal(0, e.UnixSeconds));
    }

    [Fact]
    public void Ml_latest_small_gives_half_stars_original_titles_and_tags_as_themes()
    {
        using var layout = LayoutLatest();
        var data = Read(layout.Path);

        Assert.Equal(("The Lake", "Le Lac", 2001), (data.Items[0].Title, data.Items[0].OriginalTitle, data.Items[0].Year));
        Assert.Equal(["slow burn", "water"], data.Items[0].Themes);
        Assert.Empty(data.Items[1].Genres);
        Assert.Equal([(6, 4.5f), (5, 0.5f)], data.Events.Select(e => (e.Item, e.Rating)));
    }

    [Fact]
    public void The_leave_one_out_split_gets_ids_and_titles_of_movielens_1m()
    {
        using var layout = LayoutNcf();
        var data = Read(layout.Path, Path.Combine(layout.Path, "titles"));

        Assert.Equal([("ml1m-1", "ml1m-10"), ("ml1m-1", "ml1m-20"), ("ml1m-2", "ml1m-10")], data.Events.Select(e => (data.UserId(e.User), data.ItemId(e.Item))));
        Assert.Equal("La Forêt", data.Items[0].Title);
    }

    [Theory]
    [InlineData("Matrix, The (1999)", "The Matrix", "", 1999)]
    [InlineData("Avventura, L' (Adventure, The) (1960)", "L'Avventura", "The Adventure", 1960)]
    [InlineData("Dieu&#8230;Encore (1956)", "Dieu…Encore", "", 1956)]
    [InlineData("\"Big\" Fish, A (2001)", "A \"Big\" Fish", "", 2001)]
    [InlineData("Long Walk III (1995) (V)", "Long Walk III", "", 1995)]
    [InlineData("Long Run (2006–2007)", "Long Run", "", 2006)]
    [InlineData("Names (a.k.a. Other Names) (1950) ", "Names", "Other Names", 1950)]
    [InlineData("Cosmos", "Cosmos", "", 0)]
    public void Titles_are_written_as_people_write_them(string text, string title, string original, int year) =>
        Assert.Equal((title, original, year), MovieTitle.Parse(text));

    [Theory]
    [InlineData("7\t1\t5\t900000100\n7\t1\t5\n", "u.data:2: has 3 fields instead of 4")]
    [InlineData("7\t1\t6\t900000100\n", "u.data:1: '6' is no rating from 0.5 to 5")]
    [InlineData("7\t1\tNaN\t900000100\n", "u.data:1: 'NaN' is no rating from 0.5 to 5")]
    [InlineData("x\t1\t5\t900000100\n", "u.data:1: 'x' is no user")]
    [InlineData("7\t-1\t5\t900000100\n", "u.data:1: '-1' is no movie")]
    [InlineData("7\t3\t5\t900000100\n", "u.data:1: movie 3 is not in the list of films")]
    [InlineData("7\t1\t5\tyesterday\n", "u.data:1: 'yesterday' is no time")]
    [InlineData("7\t1\t5\t1900000000\n", "u.data:1: time 1900000000 lies in the future")]
    [InlineData("7\t1\t5\t900000100\n7\t1\t5\t9000", "u.data:2: the last line has no line break: the file breaks off")]
    public void A_broken_line_is_named_with_its_reason(string ratings, string message)
    {
        using var layout = Layout100K(ratings);
        var error = Assert.Throws<OpsException>(() => Read(layout.Path));
        Assert.Equal(message, error.Message);
        Assert.Equal(2, error.ExitCode);
    }

    [Theory]
    [InlineData("1,5,4,1000000000\n", "ratings.csv:1: the header should be userId,movieId,rating,timestamp")]
    [InlineData("userId,movieId,rating,timestamp\n1,5,4,1000000000,1\n", "ratings.csv:2: has 5 fields instead of 4")]
    public void A_file_of_ratings_without_its_header_is_refused_instead_of_losing_a_row(string ratings, string message)
    {
        using var layout = LayoutLatest(ratings);
        Assert.Equal(message, Assert.Throws<OpsException>(() => Read(layout.Path)).Message);
    }

    [Fact]
    public void A_film_that_is_there_twice_is_refused()
    {
        using var layout = Layout1M();
        layout.Write("movies.dat", "10::Gone (1989)::Drama\n10::Gone (1989)::Drama\n");
        Assert.Equal("movies.dat:2: ml1m-10 is there twice", Assert.Throws<OpsException>(() => Read(layout.Path)).Message);
    }

    [Fact]
    public void A_gzip_file_that_breaks_off_anywhere_is_refused()
    {
        using var layout = LayoutNcf();
        var path = Path.Combine(layout.Path, "ml-1m.train.tsv.gz");
        var rows = new StringBuilder();
        for (var i = 0; i < 5_000; i++) rows.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i * 7919 % 6040}\t{i % 2}\t{(i % 5) + 1}\n");
        var whole = Scratch.Compress(Encoding.UTF8.GetBytes(rows.ToString()));
        for (var length = 0; length < whole.Length; length += Math.Max(1, whole.Length / 60))
        {
            File.WriteAllBytes(path, whole[..length]);
            var error = Assert.Throws<OpsException>(() => Read(layout.Path, Path.Combine(layout.Path, "titles")));
            Assert.StartsWith("ml-1m.train.tsv.gz: ", error.Message, StringComparison.Ordinal);
            Assert.Equal(2, error.ExitCode);
        }

        File.WriteAllBytes(path, whole);
        Assert.Equal(5_000, Read(layout.Path, Path.Combine(layout.Path, "titles")).Events.Count);
    }

    [Fact]
    public void A_folder_with_no_known_layout_says_what_was_looked_for()
    {
        using var folder = new Scratch();
        var error = Assert.Throws<OpsException>(() => Read(folder.Path));
        Assert.Contains("holds no MovieLens layout", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, error.ExitCode);
    }

    [Theory]
    [InlineData("movielens/ml-100k", 1_682, 100_000, 943)]
    [InlineData("movielens/ml-1m", 3_883, 1_000_209, 6_040)]
    [InlineData("movielens/ml-latest-small", 9_742, 100_836, 610)]
    [InlineData("ncf", 3_883, 994_169, 6_040)]
    public void The_real_data_sets_are_read_completely(string set, int films, int ratings, int viewers)
    {
        var data = Read(RealData.Require(set));
        Assert.Equal((films, ratings, viewers), (data.Items.Count, data.Events.Count, data.Viewers));
        Assert.Equal(ratings, data.Events.Select(e => (e.User, e.Item)).Distinct().Count());
    }

    [Fact]
    public void Real_titles_are_accented_and_have_no_postponed_articles_left()
    {
        var titles = Read(RealData.Require("movielens/ml-1m")).Items.ToDictionary(i => i.Id);
        Assert.Equal("The City of Lost Children", titles["ml1m-29"].Title);
        Assert.DoesNotContain(titles.Values, i => i.Title.EndsWith(", The", StringComparison.Ordinal) || i.Title.Contains("&#", StringComparison.Ordinal));
        Assert.All(titles.Values, i => Assert.InRange(i.Year, 1900, 2001));
        Assert.Equal(490_691, Read(RealData.Require("movielens/ml-1m")).Events.Count(e => e.UnixSeconds > 0));
    }
}
