using System.Text.RegularExpressions;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>
/// The query of a tileset, as its file has it: for web mercator, naming layers as <c>share.NAME</c> (another name only with <c>AS</c>) and
/// cutting by <c>ST_AsMVTGeom(GEOMETRY, box, 4096, 64)</c>, with <c>ST_TileEnvelope($1, $2, $3)</c>. Here it is written anew for the grid
/// of degrees and for readers who may not see everything. Zoom, column and row are the first three parameters.
/// </summary>
internal sealed partial class TileSql
{
    private const string World = "ST_MakeEnvelope(-180, -270, 180, 90, 4326)";

    // Beyond 85 degrees there is no web mercator.
    private const string Mapped = "ST_MakeEnvelope(-180, -85.0511287, 180, 85.0511287, 4326)";
    private readonly string degrees;
    private readonly Lazy<DrawnSql?>[] drawn;

    internal TileSql(string text)
    {
        Text = text;
        drawn = [new(() => DrawnSql.Of(text, 1)), new(() => DrawnSql.Of(text, 2))];
        Layers = [.. Names().Matches(text).Select(NameOf).Distinct(StringComparer.Ordinal)];
        degrees = text
            .Replace("ST_TileEnvelope($1, $2, $3, margin => 64.0 / 4096)", $"ST_Transform(ST_Intersection(ST_TileEnvelope($1, $2, $3, {World}, 64.0 / 4096), {Mapped}), 3857)", StringComparison.Ordinal)
            .Replace("ST_TileEnvelope($1, $2, $3)", $"ST_TileEnvelope($1, $2, $3, {World})", StringComparison.Ordinal)
            .Replace("ST_AsMVTGeom(", "ST_AsMVTGeom(ST_Transform(", StringComparison.Ordinal)
            .Replace(", box, 4096, 64)", ", 4326), box, 4096, 64)", StringComparison.Ordinal);
        int cuts = Count(text, "ST_AsMVTGeom(");
        HasDegrees = cuts > 0 && cuts == Count(text, ", box, 4096, 64)") && text.Contains("ST_TileEnvelope($1, $2, $3, margin => 64.0 / 4096)", StringComparison.Ordinal);
    }

    internal string Text { get; }

    /// <summary>The query of whoever draws a block of 2^depth by 2^depth tiles, depth 1 or 2; null where the file does not keep to the form.</summary>
    internal DrawnSql? DrawnIn(int depth) => drawn[depth - 1].Value;

    /// <summary>The layer that a layer of the tile is made of; null where the text does not tell.</summary>
    internal string? SourceOf(string layerOfTile)
    {
        int at = Text.IndexOf($"ST_AsMVT(row, {Access.SqlParameters.Text(layerOfTile)}", StringComparison.Ordinal);
        return at >= 0 && Names().Match(Text, at) is { Success: true } read ? NameOf(read) : null;
    }

    /// <summary>The layers that are read, each once.</summary>
    internal IReadOnlyList<string> Layers { get; }

    /// <summary>Whether the file keeps to the form that can be written anew for the grid of degrees.</summary>
    internal bool HasDegrees { get; }

    internal string For(TileGrid grid) => grid == TileGrid.Degrees ? degrees : Text;

    /// <summary>The query with another source where <paramref name="source"/> gives one for a layer, as it stands behind FROM.</summary>
    internal string For(TileGrid grid, Func<string, string?> source) => From(For(grid), source);

    /// <summary>A query with other sources.</summary>
    internal static string From(string sql, Func<string, string?> source) => Names().Replace(sql, match =>
    {
        string name = NameOf(match);
        return source(name) is not string other ? match.Value
            : match.Groups["alias"].Success ? $"{other}{match.Groups["alias"].Value}"
            : $"{other} AS {Access.SqlParameters.Quoted(name)}";
    });

    /// <summary>The query of a layer's own tileset with at most so many features: its last limit is that of the features.</summary>
    internal static string Limit(string sql, long rows)
    {
        int limit = sql.LastIndexOf(" LIMIT ", StringComparison.Ordinal), end = sql.LastIndexOf(')');
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{sql[..limit]} LIMIT {rows}{sql[end..]}");
    }

    private static string NameOf(Match match) => match.Groups["quoted"] is { Success: true } quoted
        ? quoted.Value.Replace("\"\"", "\"", StringComparison.Ordinal)
        : match.Groups["plain"].Value;

    private static int Count(string text, string part) => (text.Length - text.Replace(part, "", StringComparison.Ordinal).Length) / part.Length;

    [GeneratedRegex("""\bshare\.(?:"(?<quoted>(?:[^"]|"")+)"|(?<plain>[a-z_][a-z0-9_]*))(?<alias>\s+AS\s+["\w]+)?""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Names();
}
