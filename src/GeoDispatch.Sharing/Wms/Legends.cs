using System.Buffers.Binary;
using System.Collections.Concurrent;
using GeoDispatch.Sharing.Raster;

namespace GeoDispatch.Sharing.Wms;

/// <summary>What the colours and signs of a layer mean, as a PNG; measures in pixels.</summary>
internal sealed record Legend(byte[] Png)
{
    // The header of a PNG comes first: 8 bytes of mark, 8 of length and type, then both measures.
    internal int Width => BinaryPrimitives.ReadInt32BigEndian(Png.AsSpan(16));

    internal int Height => BinaryPrimitives.ReadInt32BigEndian(Png.AsSpan(20));
}

/// <summary>Legends, each drawn once: capabilities say how large they are, and the rules of the map stay while the server runs.</summary>
internal sealed class Legends(MapImages images)
{
    private readonly ConcurrentDictionary<(string Layer, string Flavour), Legend> kept = new();

    /// <param name="layer">One that there is: so no more are kept than there are layers.</param>
    /// <param name="flavour">One that there is.</param>
    internal Legend Of(string layer, string flavour) =>
        kept.GetOrAdd((layer, flavour), key => new Legend(images.Legend(key.Layer, key.Flavour, ImageFormat.Png)));
}
