using System.Globalization;
using System.Text.Json;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using Microsoft.AspNetCore.WebUtilities;

namespace GeoDispatch.Sharing.Features;

/// <summary>
/// Where a page ended: the values that its last feature was ordered by, as PostgreSQL writes them, and its key. The next page begins
/// behind it, whatever was inserted meanwhile.
/// </summary>
internal sealed record PageToken(IReadOnlyList<string?> Values, object Key)
{
    // Four texts of 200 characters, each escaped at worst, and a key.
    private const int LongestText = 16_384;

    /// <summary>Gives the refusal, or null.</summary>
    internal static Problem? Parse(string text, Layer layer, out PageToken? token)
    {
        token = null;
        try
        {
            string[]? parts = text.Length > LongestText ? null : JsonSerializer.Deserialize<string[]>(WebEncoders.Base64UrlDecode(text));
            if (parts?.Length > 0 && parts[^1] is string key && layer.Key.TryRead(key, out object read))
            {
                token = new PageToken(parts[..^1], read);
                return null;
            }
        }
        catch (Exception wrong) when (wrong is FormatException or JsonException)
        {
            // Not a token of ours.
        }

        return Bad(text);
    }

    internal static Problem Bad(string text) => FeatureQuery.Bad("next", text, "请沿用上一页的 next 链接 / Follow the next link of the page before");

    public override string ToString()
    {
        string?[] parts = [.. Values, Convert.ToString(Key, CultureInfo.InvariantCulture)];
        return WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(parts));
    }

    /// <summary>True of every feature behind the one that the page ended with.</summary>
    internal string Where(Layer layer, IReadOnlyList<SortKey> sort, SqlParameters parameters)
    {
        string behind = $"{SqlParameters.Quoted(layer.Key.Name)} > {parameters.Add(Key)}";
        // From the last key of the order to the first: behind in it, or equal and behind in what comes after.
        for (int i = sort.Count - 1; i >= 0; i--)
        {
            (SortKey key, string? value) = (sort[i], Values[i]);
            string given = value is null ? "" : $"{parameters.Add(value)}::{(key.IsText ? "text" : key.Column.Type)}";
            string equal = value is null ? $"{key.Value} IS NULL" : $"{key.Value} = {given}";
            string after = (value, key.Descending) switch
            {
                (null, false) => "false",
                (null, true) => $"{key.Value} IS NOT NULL",
                (_, false) => $"({key.Value} > {given} OR {key.Value} IS NULL)",
                (_, true) => $"{key.Value} < {given}",
            };
            behind = $"({after} OR ({equal} AND {behind}))";
        }

        return behind;
    }
}
