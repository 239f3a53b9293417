using System.Security.Claims;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Catalogue;
using Microsoft.Extensions.Logging;

namespace GeoDispatch.Sharing.Access;

/// <summary>Says which layers somebody may read, and what of them. No query: the catalogue is kept, its rules are compiled once.</summary>
internal sealed partial class LayerAccess(LayerCatalogue catalogue, TimeProvider clock, ILogger<LayerAccess> log)
{
    /// <param name="Rules">With what became of each; null where the layer can no longer obey it.</param>
    private sealed record Ready(Layer Layer, ReadableLayer Whole, IReadOnlyDictionary<AccessRule, ReadableLayer?> Rules);

    private sealed record Prepared(LayerList From, IReadOnlyList<Ready> Layers);

    private volatile Prepared? prepared;

    /// <param name="reader">Whoever asks: signed in, by a key, or nobody in particular.</param>
    internal async ValueTask<ReadableLayers> ReadAsync(ClaimsPrincipal reader, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return Of(await catalogue.ReadAsync(cancellation), LayerReader.Of(reader));
    }

    /// <summary>What everybody may read: what is made once for all readers is made of this.</summary>
    internal async ValueTask<ReadableLayers> ReadPublicAsync(CancellationToken cancellation) =>
        Of(await catalogue.ReadAsync(cancellation), LayerReader.Anonymous);

    private ReadableLayers Of(LayerList all, LayerReader reader)
    {
        Prepared ready = prepared is { } known && ReferenceEquals(known.From, all) ? known : prepared = Prepare(all);
        DateTimeOffset now = clock.GetUtcNow();
        var readable = new List<ReadableLayer>(ready.Layers.Count);
        foreach (Ready one in ready.Layers)
        {
            Verdict verdict = Verdict.On(one.Layer, one.Rules.Keys, reader, now);
            ReadableLayer? seen = !verdict.MayRead ? null : verdict.Rule is null ? one.Whole : one.Rules[verdict.Rule];
            if (seen is not null)
            {
                Verdict nobodys = Verdict.On(one.Layer, one.Rules.Keys, LayerReader.Anonymous, now);
                readable.Add(nobodys == verdict ? seen : seen with { IsPublic = false });
            }
        }

        return new ReadableLayers(readable, all.Extent);
    }

    private Prepared Prepare(LayerList all) => new(all, [.. all.Layers.Select(layer => new Ready(
        layer, new ReadableLayer(layer),
        all.Rules.Where(rule => rule.Layer == layer.Id).ToDictionary(static rule => rule, rule => Compile(layer, rule))))]);

    private ReadableLayer? Compile(Layer layer, AccessRule rule)
    {
        (Restriction? restriction, Problem? problem) = Restriction.Compile(layer, rule);
        if (restriction is null)
        {
            // It was right when it was made; the layer has changed since. Whom it let in is kept out until it is made anew.
            LogBroken(log, layer.Id, rule.Id, problem!.Detail);
            return null;
        }

        return new ReadableLayer(restriction);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Layer {Layer} cannot obey rule {Rule} any more: its readers are kept out. {Reason}")]
    private static partial void LogBroken(ILogger logger, string layer, Guid rule, string reason);
}
