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

    /// <summary>Compared with the layer's own time, where it has one.</summary>
    internal TimeRange? Time { get; init; }

    /// <summary>Keeps the features of which it is true; null keeps all. Its literal geometries say what system they are in.</summary>
    internal Expr? Filter { get; init; }

    /// <summary>The order, before the key decides among equals; empty is the order of the keys.</summary>
    internal IReadOnlyList<SortKey> Sort { get; init; } = [];

    /// <summary>Null where the filter can be asked of the layer, else the refusal. To be asked before anything is read.</summary>
    internal Problem? Check(Layer layer) => Filter is null ? null : Cql2Sql.Compile(Filter, Queryables.Of(layer)).Problem;

    /// <summary>The condition for WHERE over <see cref="ReadableLayer.Source"/>.</summary>
    internal string Where(ReadableLayer readable, SqlParameters parameters)
    {
        Layer layer = readable.Layer;
        var conditions = new List<string> { "true" };
        foreach ((LayerColumn column, object value) in Equal)
        {
            // A fraction is compared as the column keeps it: 0.1 of four bytes is not 0.1 of eight.
            string type = column.JsonType == "number" ? $"::{column.Type}" : "";
            conditions.Add($"{SqlParameters.Quoted(column.Name)} = {parameters.Add(value)}{type}");
        }

        if (Boxes.Count > 0)
        {
            // A feature that lies nowhere is selected by every box: so the standard has it. To look for one takes a walk through the whole index.
            string nowhere = layer.MayLieNowhere ? $" OR {SqlParameters.Quoted(layer.GeometryColumn)} IS NULL" : "";
            string inside = $"({string.Join(" OR ", Boxes.Select(box => Inside(box, layer, parameters)))}{nowhere})";
            if (readable.HidesRows)
            {
                conditions.Add($"({string.Join(" OR ", Boxes.Select(box => $"{SqlParameters.Quoted(layer.GeometryColumn)} && {There(box, layer, parameters)}"))}{nowhere})");
            }

            conditions.Add(readable.Guard(inside));
        }

        if (Time is not null && layer.Time is LayerColumn time)
        {
            conditions.Add(Time.Where(time, parameters));
        }

        if (Filter is not null)
        {
            IReadOnlyDictionary<string, QueryableColumn> queryables = Queryables.Of(layer);
            if (readable.HidesRows && Cql2Sql.Implied(Filter, queryables, parameters.Next) is CompiledFilter implied)
            {
                conditions.Add(parameters.Add(implied));
            }

            (CompiledFilter? compiled, Problem? problem) = Cql2Sql.Compile(Filter, queryables, parameters.Next);
            conditions.Add(readable.Guard(parameters.Add(compiled ?? throw new InvalidOperationException(problem!.Detail))));
        }

        return string.Join(" AND ", conditions);
    }

    /// <summary>What stands behind ORDER BY; the key comes last, so that the order is the same each time.</summary>
    /// <param name="table">
    /// The table with its dot, such as <c>source.</c>: needed where SELECT gives something else by the name of a column, for ORDER BY takes that first.
    /// </param>
    internal string OrderBy(Layer layer, string table = "") =>
        string.Join(", ", Sort.Select(sort => sort.OrderBy(table)).Append($"{table}{SqlParameters.Quoted(layer.Key.Name)}"));

    private string Inside(Box box, Layer layer, SqlParameters parameters)
    {
        string geometry = SqlParameters.Quoted(layer.GeometryColumn);
        if (Bends(layer))
        {
            return $"ST_Intersects({geometry}, {There(box, layer, parameters)})";
        }

        string there = There(box, layer, parameters);
        // It is a box there, too: what lies within it, as most does, needs no closer look. By a little more than PostGIS rounds boxes.
        double margin = BoxCrs.Degrees ? 3e-5 : 8;
        var inner = new Box(box.MinX + margin, box.MinY + margin, box.MaxX - margin, box.MaxY - margin);
        return inner.MinX < inner.MaxX && inner.MinY < inner.MaxY
            // CASE, because the index would be searched twice for an OR.
            ? $"({geometry} && {there} AND CASE WHEN {geometry} @ {There(inner, layer, parameters)} THEN true ELSE ST_Intersects({geometry}, {there}) END)"
            : $"ST_Intersects({geometry}, {there})";
    }

    // Edges of one projection bend in another.
    private bool Bends(Layer layer) => BoxCrs.Srid != layer.Srid && !(BoxCrs.Degrees && layer.Srid is 4326 or 3857);

    /// <summary>The box in the layer's own system.</summary>
    private string There(Box box, Layer layer, SqlParameters parameters) => BoxCrs.Srid == layer.Srid ? Envelope(box, parameters)
        : Bends(layer) ? $"ST_Transform(ST_Segmentize({Envelope(box, parameters)}, {(BoxCrs.Degrees ? "0.2" : "20000")}), {layer.Srid})"
        : $"ST_Transform({Envelope(box, parameters)}, {layer.Srid})";

    // Of two corners: a point or a line where the box has no width.
    private string Envelope(Box box, SqlParameters parameters) =>
        $"ST_SetSRID(ST_Envelope(ST_Collect(ST_Point({parameters.Add(box.MinX)}, {parameters.Add(box.MinY)}), ST_Point({parameters.Add(box.MaxX)}, {parameters.Add(box.MaxY)}))), {BoxCrs.Srid})";
}
