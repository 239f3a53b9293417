using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Sharing.Filters;

namespace GeoDispatch.Sharing.Features;

/// <summary>Which features of a layer are wanted and in what order, however a protocol says it. All of its conditions hold together.</summary>
/// <param name="Boxes">In <paramref name="BoxCrs"/>; two where the asked box crosses the antimeridian, none where all is asked for.</param>
/// <param name="Equal">Columns that hold these values.</param>
internal sealed record Selection(IReadOnlyList<Box> Boxes, Crs BoxCrs, IReadOnlyList<(LayerColumn Column, object Value)> Equal)
{
    internal static readonly Selection All = new([], Crs.Crs84, []);

    /// <summary>Keeps the features of which it is true; null keeps all. Its literal geometries say what system they are in.</summary>
    internal Expr? Filter { get; init; }

    /// <summary>The order, before the key decides among equals; empty is the order of the keys.</summary>
    internal IReadOnlyList<SortKey> Sort { get; init; } = [];

    /// <summary>Null where the filter can be asked of the layer, else the refusal. To be asked before anything is read.</summary>
    internal Problem? Check(Layer layer) => Filter is null ? null : Cql2Sql.Compile(Filter, Queryables.Of(layer)).Problem;

    /// <summary>The condition for WHERE over <see cref="ReadableLayer.Source"/>.</summary>
    internal string Where(Layer layer, SqlParameters parameters)
    {
        var conditions = new List<string> { "true" };
        foreach ((LayerColumn column, object value) in Equal)
        {
            // A fraction is compared as the column keeps it: 0.1 of four bytes is not 0.1 of eight.
            string type = column.JsonType == "number" ? $"::{column.Type}" : "";
            conditions.Add($"{SqlParameters.Quoted(column.Name)} = {parameters.Add(value)}{type}");
        }

        if (Boxes.Count > 0)
        {
            // A feature that lies nowhere is selected by every box: so the standard has it.
            string geometry = SqlParameters.Quoted(layer.GeometryColumn);
            conditions.Add($"({string.Join(" OR ", Boxes.Select(box => Inside(box, layer, parameters)))} OR {geometry} IS NULL)");
        }

        if (Filter is not null)
        {
            (CompiledFilter? compiled, Problem? problem) = Cql2Sql.Compile(Filter, Queryables.Of(layer), parameters.Next);
            foreach (object value in (compiled ?? throw new InvalidOperationException(problem!.Detail)).Parameters)
            {
                parameters.Add(value);
            }

            conditions.Add(compiled.Sql);
        }

        return string.Join(" AND ", conditions);
    }

    /// <summary>What stands behind ORDER BY; the key comes last, so that the order is the same each time.</summary>
    internal string OrderBy(Layer layer) =>
        string.Join(", ", Sort.Select(sort => sort.OrderBy).Append(SqlParameters.Quoted(layer.Key.Name)));

    private string Inside(Box box, Layer layer, SqlParameters parameters)
    {
        // Of two corners an envelope: a point or a line where the box has no width. Lines of a projection bend in another.
        string corners = $"ST_Point({parameters.Add(box.MinX)}, {parameters.Add(box.MinY)}), ST_Point({parameters.Add(box.MaxX)}, {parameters.Add(box.MaxY)})";
        string envelope = $"ST_SetSRID(ST_Envelope(ST_Collect({corners})), {BoxCrs.Srid})";
        string bent = BoxCrs.Degrees || BoxCrs.Srid == layer.Srid ? envelope : $"ST_Segmentize({envelope}, 20000)";
        return $"ST_Intersects({SqlParameters.Quoted(layer.GeometryColumn)}, ST_Transform({bent}, {layer.Srid}))";
    }
}
