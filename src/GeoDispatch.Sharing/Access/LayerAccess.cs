using System.Security.Claims;
using GeoDispatch.Sharing.Catalogue;

namespace GeoDispatch.Sharing.Access;

/// <summary>Says which layers somebody may read, and what of them.</summary>
internal sealed class LayerAccess(LayerCatalogue catalogue)
{
    /// <param name="reader">Whoever asks: signed in, by a key, or nobody in particular.</param>
    internal async Task<ReadableLayers> ReadAsync(ClaimsPrincipal reader, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(reader);
        LayerList all = await catalogue.ReadAsync(cancellation);
        // No rule opens a layer to a reader yet: what is not for everybody is for nobody.
        IEnumerable<Layer> open = all.Layers.Where(static layer => layer.Metadata.Sharing == SharingClass.Unconditional);
        return new ReadableLayers([.. open.Select(static layer => new ReadableLayer(layer))], all.Extent);
    }
}
