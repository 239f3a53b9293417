using System.Globalization;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Sharing.Features;
using Npgsql;

namespace GeoDispatch.Sharing.Wms;

/// <summary>A pixel of a map that somebody points at, and what is asked about it; every parameter read and bounded.</summary>
/// <param name="Layers">The topmost first.</param>
/// <param name="Count">Features of each layer at most.</param>
internal sealed record FeatureInfoRequest(MapFrame Frame, int Column, int Row, IReadOnlyList<WmsLayer> Layers, int Count, InfoForm Form)
{
    /// <summary>Of a layer.</summary>
    internal const int MostFeatures = 50;

    /// <summary>A finger or a mouse rarely meets a line of one pixel: so far from the pixel a point or a line still counts.</summary>
    private const double TolerancePixels = 4;

    /// <summary>As the audit of reads keeps it: the place that was pointed at, in the system of the map.</summary>
    internal string Question => string.Create(
        CultureInfo.InvariantCulture, $"GetFeatureInfo {(Pixel.MinX + Pixel.MaxX) / 2:0.#####},{(Pixel.MinY + Pixel.MaxY) / 2:0.#####} EPSG:{Frame.Crs.Crs.Srid}");

    /// <summary>What a polygon has to meet: the pixel itself.</summary>
    internal Box Pixel => Around(0.5);

    /// <summary>What a point or a line has to meet.</summary>
    internal Box Near => Around(TolerancePixels + 0.5);

    /// <summary>Gives the refusal, or null.</summary>
    internal static WmsRefusal? Parse(WmsParameters given, ReadableLayers readable, WmsLayers all, out FeatureInfoRequest? parsed)
    {
        parsed = null;
        WmsRefusal? badLayers = MapRequest.ParseLayers(given, "layers", readable, out IReadOnlyList<string> drawn);
        WmsRefusal? badStyles = MapRequest.ParseStyles(given, "styles", drawn.Count, out _);
        WmsRefusal? badQuery = MapRequest.ParseLayers(given, "query_layers", readable, out IReadOnlyList<string> asked);
        WmsRefusal? badFrame = MapFrame.Parse(given, out MapFrame frame);
        WmsRefusal? badForm = ParseForm(given, out InfoForm form);
        if ((badLayers ?? badStyles ?? badQuery ?? badFrame ?? badForm) is WmsRefusal refused)
        {
            return refused;
        }

        WmsLayer[] layers = [.. asked.Distinct(StringComparer.Ordinal).Reverse().Select(all.Find).OfType<WmsLayer>()];
        if (layers.FirstOrDefault(static layer => !layer.Queryable) is WmsLayer mute)
        {
            return WmsRefusal.Of("LayerNotQueryable", "query_layers", mute.Name, "此图层不可查询 / Nothing can be asked of this layer");
        }

        // I and J came with 1.3.0, but programs (GDAL among them) keep sending X and Y to it.
        if (Place(given, "i", "x", frame.Width, out int column) is WmsRefusal badColumn)
        {
            return badColumn;
        }

        if (Place(given, "j", "y", frame.Height, out int row) is WmsRefusal badRow)
        {
            return badRow;
        }

        // What is no positive whole number means one (06-042 section 7.4.3.7).
        bool counted = int.TryParse(given.Find("feature_count"), NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0;
        parsed = new FeatureInfoRequest(frame, column, row, layers, counted ? Math.Min(count, MostFeatures) : 1, form);
        return null;
    }

    private static WmsRefusal? ParseForm(WmsParameters given, out InfoForm form)
    {
        form = InfoForm.Html;
        if (given.Find("info_format") is not string asked)
        {
            // 1.1.1 leaves the form to the server where none is named.
            return given.Version == WmsVersion.V111 ? null : WmsRefusal.Missing("info_format");
        }

        if (FeatureInfoForms.Find(asked) is not InfoForm found)
        {
            return WmsRefusal.Of("InvalidFormat", "info_format", asked, string.Join(", ", FeatureInfoForms.MediaTypes));
        }

        form = found;
        return null;
    }

    private static WmsRefusal? Place(WmsParameters given, string name, string otherName, int size, out int place)
    {
        place = 0;
        if ((given.Find(name) ?? given.Find(otherName)) is not string text)
        {
            return WmsRefusal.Missing(given.Version == WmsVersion.V111 ? otherName : name);
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out place) && place < size
            ? null
            : WmsRefusal.Of("InvalidPoint", given.Find(name) is null ? otherName : name, text, $"0…{size - 1}");
    }

    private Box Around(double pixels) => new(
        Frame.Box.MinX + ((Column + 0.5 - pixels) * Frame.PixelWidth), Frame.Box.MaxY - ((Row + 0.5 + pixels) * Frame.PixelHeight),
        Frame.Box.MinX + ((Column + 0.5 + pixels) * Frame.PixelWidth), Frame.Box.MaxY - ((Row + 0.5 - pixels) * Frame.PixelHeight));
}

/// <summary>A feature that was met.</summary>
/// <param name="Properties">JSON.</param>
/// <param name="Geometry">GeoJSON in CRS84.</param>
internal sealed record MetFeature(Layer Layer, string Id, string Properties, string Geometry);

/// <summary>Finds what lies at a pixel, the nearest first.</summary>
internal static class FeatureInfo
{
    // The web mercator of a pole has no end.
    private const double MaxLatitude = 89.99;

    internal static async Task<List<MetFeature>> ReadAsync(FeatureInfoRequest request, Databases databases, CancellationToken cancellation)
    {
        var met = new List<MetFeature>();
        Crs crs = request.Frame.Crs.Crs;
        Box domain = crs.Degrees ? crs.Domain with { MinY = -MaxLatitude, MaxY = MaxLatitude } : crs.Domain;
        Box near = request.Near.Within(domain), pixel = request.Pixel.Within(domain);
        if (pixel.MinX >= pixel.MaxX || pixel.MinY >= pixel.MaxY)
        {
            return met;
        }

        foreach (WmsLayer layer in request.Layers)
        {
            int left = request.Count;
            foreach (ReadableLayer member in layer.Members.Reverse())
            {
                if (left > 0)
                {
                    int before = met.Count;
                    await ReadAsync(member, crs.Srid, near, pixel, left, met, databases, cancellation);
                    left -= met.Count - before;
                }
            }
        }

        return met;
    }

    private static async Task ReadAsync(
        ReadableLayer readable, int srid, Box near, Box pixel, int limit, List<MetFeature> met, Databases databases, CancellationToken cancellation)
    {
        Layer layer = readable.Layer;
        var parameters = new SqlParameters();
        string Envelope(Box box) => $"ST_Transform(ST_MakeEnvelope({parameters.Add(box.MinX)}, {parameters.Add(box.MinY)}, "
            + $"{parameters.Add(box.MaxX)}, {parameters.Add(box.MaxY)}, {srid}), {layer.Srid})";
        string geometry = $"t.{SqlParameters.Quoted(layer.GeometryColumn)}";
        string source = readable.Source(parameters);
        string around = Envelope(near), inside = Envelope(pixel);
        string properties = string.Join(", ", layer.Properties.Select(static column => $"t.{SqlParameters.Quoted(column.Name)}"));
        await using NpgsqlCommand command = databases.Sharing.CreateCommand(
            $"""
            SELECT t.{SqlParameters.Quoted(layer.Key.Name)}::text, coalesce(row_to_json((SELECT p FROM (SELECT {properties}) p))::text, '{"{}"}'),
                   ST_AsGeoJSON(ST_Transform({geometry}, 4326), 7, 0)
            FROM {source} AS t
            WHERE {geometry} && {around}
              AND {readable.Guard($"CASE WHEN ST_Dimension({geometry}) = 2 THEN ST_Intersects({geometry}, {inside}) ELSE ST_Intersects({geometry}, {around}) END")}
            ORDER BY {geometry} <-> ST_Centroid({inside}), t.{SqlParameters.Quoted(layer.Key.Name)} LIMIT {parameters.Add(limit)}
            """);
        parameters.CopyTo(command);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            met.Add(new MetFeature(layer, row.GetString(0), row.GetString(1), row.GetString(2)));
        }
    }
}
