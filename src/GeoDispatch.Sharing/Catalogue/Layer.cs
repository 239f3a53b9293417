using System.Globalization;

namespace GeoDispatch.Sharing.Catalogue;

/// <summary>A column of a shared view that holds no geometry.</summary>
/// <param name="Type">As <c>pg_type</c> names it.</param>
internal sealed record LayerColumn(string Name, string Type)
{
    /// <summary>The type in JSON schema of what may be asked for by equality; null where nothing may.</summary>
    internal string? JsonType => Type switch
    {
        "int2" or "int4" or "int8" => "integer",
        "float4" or "float8" or "numeric" => "number",
        "bool" => "boolean",
        "text" or "varchar" or "uuid" or "date" or "timestamptz" => "string",
        _ => null,
    };

    /// <summary>The <c>format</c> in JSON schema beside <see cref="JsonType"/>; null where the type says all.</summary>
    internal string? JsonFormat => Type switch
    {
        "date" => "date",
        "timestamptz" => "date-time",
        "uuid" => "uuid",
        _ => null,
    };

    internal bool IsText => Type is "text" or "varchar";

    // RFC 3339, with a fraction or without.
    private static readonly string[] Instants = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFK"];

    /// <summary>Reads a value as it stands in a URL; false where the column can never hold it.</summary>
    internal bool TryRead(string text, out object value)
    {
        value = text;
        switch (Type)
        {
            case "int2" or "int4" or "int8":
                bool whole = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number);
                value = number;
                return whole && !text.StartsWith('+');
            case "float4" or "float8" or "numeric":
                bool real = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double measure);
                value = measure;
                return real && (Type == "float4" ? float.IsFinite((float)measure) : double.IsFinite(measure));
            case "bool":
                value = text == "true";
                return text is "true" or "false";
            case "uuid":
                bool known = Guid.TryParseExact(text, "D", out Guid id);
                value = id;
                return known;
            case "date":
                bool day = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date);
                value = date;
                return day;
            case "timestamptz":
                bool moment = DateTimeOffset.TryParseExact(text, Instants, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset instant);
                value = instant.UtcDateTime;
                return moment;
            case "text" or "varchar":
                // PostgreSQL keeps no NUL in a text.
                return !text.Contains('\0', StringComparison.Ordinal);
            default:
                return false;
        }
    }
}

/// <summary>A published view: what other systems read of a dataset.</summary>
/// <param name="Id">The name of the view, and its name in URLs.</param>
/// <param name="Title">Chinese / English: the first line of the view's comment, or what an administrator says instead.</param>
/// <param name="Key">What tells features apart and orders them in pages.</param>
/// <param name="Columns">All but the geometry, in their order.</param>
/// <param name="Volatile">Over tables that tell of no change, such as live ones: it is never kept in a cache.</param>
internal sealed record Layer(
    string Id, string Title, LayerColumn Key, string GeometryColumn, string GeometryType, int Srid, IReadOnlyList<LayerColumn> Columns,
    bool Volatile = false)
{
    /// <summary>Its owner, sharing class and what else is said of it.</summary>
    internal LayerMetadata Metadata { get; init; } = LayerMetadata.Default;

    /// <summary>False where no feature was without a geometry when it was last looked for, a minute ago at most.</summary>
    internal bool MayLieNowhere { get; init; } = true;

    /// <summary>What stands in a feature's properties: <c>id</c> is the feature's own member already, a code tells something.</summary>
    internal IEnumerable<LayerColumn> Properties => Columns.Where(column => column.Name != "id");

    /// <summary>The time of a feature, by which <c>datetime</c> selects: the first column of a day or an instant. Null where there is none.</summary>
    internal LayerColumn? Time => Columns.FirstOrDefault(column => column.Type is "date" or "timestamptz");

    /// <summary>What its features are searched by; null where they are not, or the column is not there.</summary>
    internal LayerColumn? SearchColumn =>
        Metadata.SearchColumn is { } name && FindColumn(name) is { IsText: true } column ? column : null;

    internal LayerColumn? FindColumn(string name) => Columns.FirstOrDefault(column => column.Name == name);
}
