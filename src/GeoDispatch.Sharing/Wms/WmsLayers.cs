using System.Text.Json.Nodes;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Tiles;

namespace GeoDispatch.Sharing.Wms;

/// <summary>A layer as WMS lists it.</summary>
/// <param name="Opaque">True where it fills the picture, so that nothing shows through from below.</param>
/// <param name="LargestScale">The denominator of the scale above which nothing of it is drawn; null where there is none.</param>
/// <param name="Members">What its features are read from, the lowest drawn first.</param>
internal sealed record WmsLayer(
    string Name, string Title, string Abstract, IReadOnlyList<string> Keywords, bool Opaque, double? LargestScale, IReadOnlyList<ReadableLayer> Members)
{
    internal bool Queryable => Members.Count > 0;

    /// <summary>The picture of its legend, in pixels.</summary>
    internal int LegendHeight => Members.Count * 20;
}

/// <summary>The base map as one layer, and each layer that the reader may read.</summary>
internal sealed record WmsLayers(IReadOnlyList<WmsLayer> All)
{
    internal WmsLayer? Find(string name) => All.FirstOrDefault(layer => layer.Name == name);

    internal static WmsLayers Of(ReadableLayers readable, Tilesets tilesets)
    {
        JsonArray drawn = tilesets.Find(MapRequest.City)?.Description["vector_layers"]?.AsArray() ?? [];
        // The order of the tileset is the order in which its layers are drawn.
        ReadableLayer[] members = [.. drawn.Select(layer => readable.Find((string)layer!["id"]!)).OfType<ReadableLayer>()];
        var city = new WmsLayer(
            MapRequest.City, "城市底图 / Base map", (string?)tilesets.Find(MapRequest.City)?.Description["description"] ?? "",
            ["底图", "base map"], Opaque: true, null, members);
        return new WmsLayers(
        [
            city,
            .. readable.Layers.Where(static layer => layer.Layer.Id != MapRequest.City).Select(layer => new WmsLayer(
                layer.Layer.Id, layer.Layer.Title, $"{layer.Layer.GeometryType}: {string.Join(", ", layer.Layer.Columns.Select(static column => column.Name))}",
                [.. layer.Layer.Title.Split(" / ").Append(layer.Layer.Id).Distinct(StringComparer.Ordinal)],
                Opaque: false, null, [layer])),
        ]);
    }
}
