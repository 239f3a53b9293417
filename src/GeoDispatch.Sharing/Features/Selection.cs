using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;

namespace GeoDispatch.Sharing.Features;

/// <summary>Which features of a layer are wanted, however a protocol says it. All of its conditions hold together.</summary>
/// <param name="Boxes">In <paramref name="BoxCrs"/>; two where the asked box crosses the antimeridian, none where all is asked for.</param>
/// <param name="Equal">Columns that hold these values.</param>
internal sealed record Selection(IReadOnlyList<Box> Boxes, Crs BoxCrs, IReadOnlyList<(LayerColumn Column, object Value)> Equal)
{
    internal static readonly Selection All = new([], Crs.Crs84, []);

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

        return string.Join(" AND ", conditions);
    }

    private string Inside(Box box, Layer layer, SqlParameters parameters)
    {
        // Of two corners an envelope: a point or a line where the box has no width. Lines of a projection bend in another.
        string corners = $"ST_Point({parameters.Add(box.MinX)}, {parameters.Add(box.MinY)}), ST_Point({parameters.Add(box.MaxX)}, {parameters.Add(box.MaxY)})";
        string envelope = $"ST_SetSRID(ST_Envelope(ST_Collect({corners})), {BoxCrs.Srid})";
        string bent = BoxCrs.Degrees || BoxCrs.Srid == layer.Srid ? envelope : $"ST_Segmentize({envelope}, 20000)";
        return $"ST_Intersects({SqlParameters.Quoted(layer.GeometryColumn)}, ST_Transform({bent}, {layer.Srid}))";
    }
}
