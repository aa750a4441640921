using System.Text.Json;
using CsCheck;

namespace RecoAspire.AppHost.Tests;

/// <summary>Values from outside, generated ones, and those that are kept.</summary>
public sealed class ParameterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("apphost-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Values_that_are_generated_at_the_same_time_are_all_kept()
    {
        // The parameters of a run have an object each and one file for all.
        var path = Path.Combine(_folder, "at-once", "parameters.json");
        using var start = new Barrier(8);
        var threads = Enumerable.Range(0, 8).Select(i => new Thread(() =>
        {
            start.SignalAndWait();
            for (var n = 0; n < 20; n++) new RecoAspire.Hosting.Running.KeptParameters(path).GetOrAdd($"p-{i}-{n}", () => $"v-{i}-{n}");
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        var kept = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(path))!;
        Assert.Equal(160, kept.Count);
        Assert.All(kept, p => Assert.Equal(p.Key.Replace('p', 'v'), p.Value));
    }

    [Fact]
    public async Task The_configuration_comes_before_the_default_also_with_underscores()
    {
        var builder = Builder("one", "--Parameters:api-key=with-hyphen", "--Parameters:other_key=with-underscore");
        Assert.Equal("with-hyphen", await ValueAsync(builder.AddParameter("api-key", "default")));
        Assert.Equal("with-underscore", await ValueAsync(builder.AddParameter("other-key", "default")));
        Assert.Equal("default", await ValueAsync(builder.AddParameter("third-key", "default")));
        Assert.Equal("with-hyphen", await ValueAsync(builder.AddParameterFromConfiguration("fourth-key", "Parameters:api-key")));
    }

    [Fact]
    public async Task A_kept_parameter_has_the_same_value_in_the_next_run_on_the_folder_and_another_in_a_fresh_one()
    {
        var first = await ValueAsync(Kept(Builder("one")));
        Assert.Equal(22, first.Length);
        Assert.Equal(first, await ValueAsync(Kept(Builder("one"))));
        Assert.NotEqual(first, await ValueAsync(Kept(Builder("two"))));

        var path = Path.Combine(_folder, "one", "parameters.json");
        Assert.Equal(first, JsonSerializer.Deserialize<Dictionary<string, string>>(await File.ReadAllTextAsync(path))!["store-password"]);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Single(Directory.EnumerateFiles(Path.Combine(_folder, "one")));
    }

    [Fact]
    public async Task What_is_configured_is_not_kept_and_what_is_not_kept_is_new_in_every_run()
    {
        Assert.Equal("configured", await ValueAsync(Kept(Builder("one", "--Parameters:store-password=configured"))));
        var first = await ValueAsync(Builder("one").AddParameter("run-key", new GenerateParameterDefault(), secret: true));
        Assert.NotEqual(first, await ValueAsync(Builder("one").AddParameter("run-key", new GenerateParameterDefault(), secret: true)));
        Assert.False(Directory.Exists(Path.Combine(_folder, "one")));
    }

    [Fact]
    public async Task Several_kept_parameters_share_the_file()
    {
        var builder = Builder("one");
        var one = await ValueAsync(Kept(builder));
        var two = await ValueAsync(builder.AddParameter("other", new GenerateParameterDefault(), secret: true, persist: true));
        Assert.NotEqual(one, two);
        var again = Builder("one");
        Assert.Equal(two, await ValueAsync(again.AddParameter("other", new GenerateParameterDefault(), secret: true, persist: true)));
        Assert.Equal(one, await ValueAsync(Kept(again)));
    }

    [Fact]
    public void A_generated_value_has_the_kinds_of_characters_that_were_asked_for_and_no_others()
    {
        var kinds = Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool).Where(k => k.Item1 || k.Item2 || k.Item3 || k.Item4);
        var least = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 5], Gen.Int[0, 5], Gen.Int[0, 5]);
        Gen.Select(Gen.Int[1, 64], kinds, least).Sample((length, kind, min) =>
        {
            var (lower, upper, numeric, special) = kind;
            var rule = new GenerateParameterDefault
            {
                MinLength = length,
                Lower = lower,
                Upper = upper,
                Numeric = numeric,
                Special = special,
                MinLower = lower ? min.Item1 : 0,
                MinUpper = upper ? min.Item2 : 0,
                MinNumeric = numeric ? min.Item3 : 0,
                MinSpecial = special ? min.Item4 : 0,
            };
            var value = rule.GetDefaultValue();
            Assert.Equal(Math.Max(length, rule.MinLower + rule.MinUpper + rule.MinNumeric + rule.MinSpecial), value.Length);
            Demand(value.Count(char.IsAsciiLetterLower), lower, rule.MinLower);
            Demand(value.Count(char.IsAsciiLetterUpper), upper, rule.MinUpper);
            Demand(value.Count(char.IsAsciiDigit), numeric, rule.MinNumeric);
            Demand(value.Count(c => !char.IsAsciiLetterOrDigit(c)), special, rule.MinSpecial);
            // Nothing in it means something to a shell, a URL or a connection string.
            Assert.Equal(value, Uri.EscapeDataString(value));
        });

        static void Demand(int count, bool allowed, int least)
        {
            if (allowed) Assert.True(count >= least);
            else Assert.Equal(0, count);
        }
    }

    [Fact]
    public void Generated_values_do_not_repeat() =>
        Assert.Equal(1_000, Enumerable.Range(0, 1_000).Select(_ => new GenerateParameterDefault().GetDefaultValue()).Distinct().Count());

    [Fact]
    public void A_generated_value_without_any_kind_of_character_is_refused() =>
        Assert.Throws<DistributedApplicationException>(() => new GenerateParameterDefault { Lower = false, Upper = false, Numeric = false, Special = false }.GetDefaultValue());

    private IDistributedApplicationBuilder Builder(string folder, params string[] arguments) => DistributedApplication.CreateBuilder(
        new DistributedApplicationOptions { Args = [$"--Data:Root={Path.Combine(_folder, folder)}", .. arguments], DisableDashboard = true });

    private static IResourceBuilder<ParameterResource> Kept(IDistributedApplicationBuilder builder) =>
        builder.AddParameter("store-password", new GenerateParameterDefault(), secret: true, persist: true);

    private static async Task<string> ValueAsync(IResourceBuilder<ParameterResource> parameter) => (await parameter.Resource.GetValueAsync(TestContext.Current.CancellationToken))!;
}
