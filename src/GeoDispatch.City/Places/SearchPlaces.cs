using System.Globalization;
using System.Security.Claims;
using System.Text;
using System.Text.RegularExpressions;
using Dapper;
using GeoDispatch.Identity;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.City.Places;

/// <summary>One place that the words may mean. <c>Kind</c>: address, street, place or poi.</summary>
internal sealed record FoundPlace(
    string Id, string Kind, string Name, string Detail, string District, double Lon, double Lat, bool Synthetic);

internal sealed record FoundPlaces(IReadOnlyList<FoundPlace> Places);

/// <summary>
/// <c>GET /api/places</c>: addresses, streets and places by name, as one types. The control room finds everything; whoever else may ask finds
/// what the layers of the map show to everybody, too.
/// </summary>
internal static partial class SearchPlaces
{
    private const int MostAnswers = 50;

    /// <summary>The kinds of places, and the shared layer that shows each.</summary>
    private static readonly Dictionary<string, string> LayerOfKind = new(StringComparer.Ordinal)
    {
        ["address"] = "addresses",
        ["street"] = "streets",
        ["place"] = "place_labels",
        ["poi"] = "pois",
    };

    /// <summary>A question, checked and brought to the form in which names are kept.</summary>
    /// <param name="Form">One width, one case, no spaces; no character that LIKE would read as a pattern.</param>
    /// <param name="Street">Where the question reads as street and house number: the street.</param>
    internal sealed record Question(string Form, string? Street, int Number, LonLat? Near, int Limit)
    {
        /// <summary>Refuses what is empty, too long or off the earth.</summary>
        internal static (Question? Question, Problem? Problem) Read(string? q, double? lon, double? lat, int? limit)
        {
            string form = Fold(q ?? "");
            if (form.Length is 0 or > 100)
            {
                return (null, Bad("q", q, "1 至 100 个字 / 1 to 100 characters"));
            }

            LonLat? near = null;
            if (lon is not null || lat is not null)
            {
                if (!LonLat.TryCreate(lon ?? double.NaN, lat ?? double.NaN, out LonLat point))
                {
                    return (null, Bad("lon", FormattableString.Invariant($"{lon},{lat}"), "lon −180…180 与 lat −90…90 须同时给出 / both are needed"));
                }

                near = point;
            }

            if (limit is < 1 or > MostAnswers)
            {
                return (null, Bad("limit", limit.Value.ToString(CultureInfo.InvariantCulture), $"1…{MostAnswers}"));
            }

            Match numbered = StreetAndNumber().Match(form);
            return (
                new Question(
                    form,
                    numbered.Success ? numbered.Groups["street"].Value : null,
                    numbered.Success ? int.Parse(numbered.Groups["number"].ValueSpan, CultureInfo.InvariantCulture) : 0,
                    near,
                    limit ?? 10),
                null);
        }

        private static string Fold(string text) => string.Concat(
            text.Normalize(NormalizationForm.FormKC).ToLowerInvariant().Where(letter => !char.IsWhiteSpace(letter) && letter is not ('%' or '_' or '\\')));

        private static Problem Bad(string field, string? value, string right) => new(
            400, "places.bad_query", "检索条件不对 / Bad search", $"{field}: {right}", field, value);
    }

    internal static void MapSearchPlaces(this IEndpointRouteBuilder routes) => routes
        .MapGet("/api/places", SearchAsync)
        .RequireAuthorization(Policies.Desk)
        .OpenToKeys(Scopes.Places)
        .Produces<FoundPlaces>()
        .WithTags("places");

    private static async Task<IResult> SearchAsync(
        Databases databases, ILayerRights rights, ClaimsPrincipal asker, CancellationToken cancellation, string? q = null, double? lon = null, double? lat = null, int? limit = null)
    {
        (Question? question, Problem? problem) = Question.Read(q, lon, lat, limit);
        if (question is null)
        {
            return problem!.ToResult();
        }

        string[] kinds = await KindsAsync(asker, rights, cancellation);
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        IEnumerable<FoundPlace> found = await connection.QueryAsync<FoundPlace>(new CommandDefinition(
            question.Form.Length == 1 ? ByPrefix : ByAnyPart,
            new
            {
                form = question.Form,
                kinds,
                prefix = question.Form + "%",
                part = $"%{question.Form}%",
                street = question.Street,
                number = question.Number,
                lon = question.Near?.Lon,
                lat = question.Near?.Lat,
                limit = question.Limit,
            },
            cancellationToken: cancellation));
        return TypedResults.Ok(new FoundPlaces([.. found]));
    }

    /// <summary>The kinds that somebody may find.</summary>
    internal static async ValueTask<string[]> KindsAsync(ClaimsPrincipal asker, ILayerRights rights, CancellationToken cancellation)
    {
        if (asker.IsInRole(Roles.Dispatcher) || asker.IsInRole(Roles.Administrator))
        {
            return [.. LayerOfKind.Keys];
        }

        IReadOnlySet<string> open = await rights.OpenAsync(LayerOfKind.Values, asker, cancellation);
        return [.. LayerOfKind.Where(kind => open.Contains(kind.Value)).Select(static kind => kind.Key)];
    }

    [GeneratedRegex("^(?<street>.*?[路街道巷线])(?<number>[0-9]{1,5})号?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 100)]
    private static partial Regex StreetAndNumber();

    // A single character has no trigram: only names that begin with it.
    private const string ByPrefix = $"""
        WITH found AS (SELECT *, 1 AS quality, 0.0 AS farness FROM city.place_name WHERE search_form LIKE @prefix AND kind = ANY (@kinds) LIMIT 5000)
        {Answer}
        """;

    // By containing the words, by likeness (typing errors), and the known house number nearest to the one asked for.
    private const string ByAnyPart = $"""
        WITH found AS (
            SELECT *, CASE WHEN search_form IN (@form, @form || '号') THEN 0 WHEN search_form LIKE @prefix THEN 1
                           WHEN search_form LIKE @part THEN 2 ELSE 4 END AS quality, 1 - similarity(search_form, @form) AS farness
            FROM city.place_name WHERE (search_form LIKE @part OR search_form % @form) AND kind = ANY (@kinds)
          UNION ALL
            (SELECT n.*, 3, abs(a.number - @number)
             FROM city.address a JOIN city.place_name n ON n.id = 'address:' || a.id
             WHERE a.street_name = @street AND a.number <> @number AND n.kind = ANY (@kinds)
             ORDER BY abs(a.number - @number) LIMIT 2)
        )
        {Answer}
        """;

    private const string Answer = """
        SELECT id, kind, name, detail, district, ST_X(geom) AS lon, ST_Y(geom) AS lat, synthetic
        FROM (SELECT DISTINCT ON (id) * FROM found ORDER BY id, quality) once
        ORDER BY quality, CASE WHEN quality = 3 THEN farness END, rank,
            CASE WHEN @lon::float8 IS NULL THEN 0 ELSE ST_SetSRID(ST_MakePoint(@lon, @lat), 4326) <-> geom END, farness, length(name), name
        LIMIT @limit
        """;
}
