using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Sharing.Filters;

namespace GeoDispatch.Sharing.Features;

/// <summary>What filters may name of a layer: its columns of a known kind and its geometry.</summary>
internal static class Queryables
{
    internal static IReadOnlyDictionary<string, QueryableColumn> Of(Layer layer)
    {
        var all = new Dictionary<string, QueryableColumn>(StringComparer.Ordinal)
        {
            [layer.GeometryColumn] = new(SqlParameters.Quoted(layer.GeometryColumn), ValueKind.Geometry, layer.Srid),
        };
        foreach (LayerColumn column in layer.Columns)
        {
            if (KindOf(column.Type) is ValueKind kind)
            {
                // A code is text to whoever filters, whatever the database keeps it as.
                string name = SqlParameters.Quoted(column.Name);
                all[column.Name] = new(column.Type == "uuid" ? $"{name}::text" : name, kind, Element: KindOf(column.Type.TrimStart('_')) ?? ValueKind.Text);
            }
        }

        return all;
    }

    /// <summary>Of a type as <c>pg_type</c> names it; null where filters cannot name it.</summary>
    internal static ValueKind? KindOf(string type) => type switch
    {
        "int2" or "int4" or "int8" or "float4" or "float8" or "numeric" => ValueKind.Number,
        "bool" => ValueKind.Boolean,
        "text" or "varchar" or "uuid" => ValueKind.Text,
        "date" => ValueKind.Date,
        "timestamptz" => ValueKind.Timestamp,
        "_text" or "_varchar" or "_int2" or "_int4" or "_int8" or "_float4" or "_float8" or "_numeric" or "_bool" or "_date" or "_timestamptz" => ValueKind.Array,
        _ => null,
    };
}
