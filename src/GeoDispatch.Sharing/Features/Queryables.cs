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
            if (Kind(column.Type) is ValueKind kind)
            {
                // A code is text to whoever filters, whatever the database keeps it as.
                string name = SqlParameters.Quoted(column.Name);
                all[column.Name] = new(column.Type == "uuid" ? $"{name}::text" : name, kind);
            }
        }

        return all;
    }

    private static ValueKind? Kind(string type) => type switch
    {
        "int2" or "int4" or "int8" or "float4" or "float8" or "numeric" => ValueKind.Number,
        "bool" => ValueKind.Boolean,
        "text" or "varchar" or "uuid" => ValueKind.Text,
        "date" => ValueKind.Date,
        "timestamptz" => ValueKind.Timestamp,
        _ => null,
    };
}
