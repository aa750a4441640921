using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace RecoAspire.Gateway.Api;

/// <summary>Title, text and query parameters of the OpenAPI document.</summary>
internal static class ApiDescription
{
    private static readonly Dictionary<string, (string Name, JsonSchemaType Type, string Text, bool Required)[]> Parameters = new(StringComparer.Ordinal)
    {
        ["recommendations"] = [("userId", JsonSchemaType.String, "The viewer: 1-128 printable characters.", true), .. Context()],
        ["similar"] = [.. Context()],
        ["search"] = [("q", JsonSchemaType.String, "What to look for: 1-200 characters.", true), .. Context()],
    };

    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "RecoAspire", Version = "v1", Description = "What should this viewer watch now? Errors are problem+json and name the field." };
            // Where it runs is the caller's business; a generated address would differ from machine to machine.
            document.Servers?.Clear();
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, _, _) =>
        {
            if (operation.OperationId is not { } id || !Parameters.TryGetValue(id, out var parameters)) return Task.CompletedTask;
            operation.Parameters ??= [];
            foreach (var (name, type, text, required) in parameters)
            {
                operation.Parameters.Add(new OpenApiParameter
                {
                    Name = name,
                    In = ParameterLocation.Query,
                    Required = required,
                    Description = text,
                    Schema = new OpenApiSchema { Type = type },
                });
            }

            return Task.CompletedTask;
        });
    }

    private static (string Name, JsonSchemaType Type, string Text, bool Required)[] Context() =>
    [
        ("limit", JsonSchemaType.Integer, "How many, 1-100; 20 unless given.", false),
        ("territory", JsonSchemaType.String, "ISO 3166-1 alpha-2 in capitals; replaces the viewer's.", false),
        ("language", JsonSchemaType.String, "BCP 47: audio or subtitles; replaces the viewer's.", false),
        ("maxAge", JsonSchemaType.Integer, "Rating in years, 0-18; the stricter of this and the viewer's limit holds.", false),
        ("kids", JsonSchemaType.Boolean, "At most programmes rated for 10 years.", false),
        ("kind", JsonSchemaType.String, "film, episode, documentary, news, magazine or short.", false),
    ];
}
