using System.Collections.Concurrent;
using System.Security.Claims;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Catalogue;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace GeoDispatch.Sharing.Access;

/// <summary>
/// Says which layers somebody may read, and what of them. No query: the catalogue is kept, its rules are compiled once, and what came of
/// them is kept for each sort of readers until a rule begins or ends.
/// </summary>
internal sealed partial class LayerAccess(LayerCatalogue catalogue, TimeProvider clock, ILogger<LayerAccess> log) : ILayerRights
{
    /// <summary>All that rules tell readers apart by.</summary>
    private readonly record struct Sort(string? Department, string? Role, bool IsKnown);

    /// <param name="Rules">With what became of each; null where the layer can no longer obey it.</param>
    private sealed record Ready(Layer Layer, ReadableLayer Whole, IReadOnlyDictionary<AccessRule, ReadableLayer?> Rules);

    /// <summary>True from one moment until another.</summary>
    private sealed record Judged(ReadableLayers Layers, DateTimeOffset From, DateTimeOffset Until);

    private sealed record Prepared(LayerList From, IReadOnlyList<Ready> Layers, ConcurrentDictionary<Sort, Judged> Judgements);

    // The catalogue is read every few seconds: each is told of once.
    private readonly ConcurrentDictionary<Guid, bool> broken = new();
    private volatile Prepared? prepared;

    /// <summary>What whoever asks may read. No cache on the way keeps what is answered to somebody known, unless the answer says otherwise.</summary>
    internal ValueTask<ReadableLayers> ReadAsync(HttpContext http)
    {
        if (http.User.Identity?.IsAuthenticated == true && StringValues.IsNullOrEmpty(http.Response.Headers.CacheControl))
        {
            http.Response.Headers.CacheControl = "private, no-cache";
        }

        return ReadAsync(http.User, http.RequestAborted);
    }

    /// <param name="reader">Whoever asks: signed in, by a key, or nobody in particular.</param>
    internal async ValueTask<ReadableLayers> ReadAsync(ClaimsPrincipal reader, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(reader);
        LayerList all = await catalogue.ReadAsync(cancellation);
        Prepared ready = prepared is { } known && ReferenceEquals(known.From, all) ? known : prepared = Prepare(all);
        LayerReader who = LayerReader.Of(reader);
        var sort = new Sort(who.Department, who.Role, who.IsKnown);
        DateTimeOffset now = clock.GetUtcNow();
        if (!ready.Judgements.TryGetValue(sort, out Judged? judged) || now < judged.From || now >= judged.Until)
        {
            ready.Judgements[sort] = judged = Judge(ready, who, now);
        }

        return judged.Layers;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlySet<string>> OpenAsync(IReadOnlyCollection<string> layers, ClaimsPrincipal reader, CancellationToken cancellation)
    {
        ReadableLayers readable = await ReadAsync(reader, cancellation);
        return layers.Where(layer => readable.Find(layer) is { IsAudited: false, IsWhole: true }).ToHashSet(StringComparer.Ordinal);
    }

    private static Judged Judge(Prepared ready, LayerReader reader, DateTimeOffset now)
    {
        var readable = new List<ReadableLayer>(ready.Layers.Count);
        foreach (Ready one in ready.Layers)
        {
            Verdict verdict = Verdict.On(one.Layer, one.Rules.Keys, reader, now);
            ReadableLayer? seen = !verdict.MayRead ? null : verdict.Rule is null ? one.Whole : one.Rules[verdict.Rule];
            if (seen is not null)
            {
                readable.Add(Verdict.On(one.Layer, one.Rules.Keys, LayerReader.Anonymous, now) == verdict ? seen : seen with { IsPublic = false });
            }
        }

        DateTimeOffset[] turns = [.. ready.From.Rules.SelectMany(static rule => new[] { rule.ValidFrom, rule.ValidUntil }).OfType<DateTimeOffset>()];
        return new Judged(
            new ReadableLayers(readable, ready.From.Extent),
            turns.Where(turn => turn <= now).DefaultIfEmpty(DateTimeOffset.MinValue).Max(),
            turns.Where(turn => turn > now).DefaultIfEmpty(DateTimeOffset.MaxValue).Min());
    }

    private Prepared Prepare(LayerList all) => new(
        all,
        [.. all.Layers.Select(layer => new Ready(
            layer, new ReadableLayer(layer),
            all.Rules.Where(rule => rule.Layer == layer.Id).ToDictionary(static rule => rule, rule => Compile(layer, rule))))],
        new());

    private ReadableLayer? Compile(Layer layer, AccessRule rule)
    {
        (Restriction? restriction, Problem? problem) = Restriction.Compile(layer, rule);
        if (restriction is null)
        {
            // It was right when it was made; the layer has changed since. Whom it let in is kept out until it is made anew.
            if (broken.TryAdd(rule.Id, true))
            {
                LogBroken(log, layer.Id, rule.Id, problem!.Detail);
            }

            return null;
        }

        broken.TryRemove(rule.Id, out _);

        return new ReadableLayer(restriction);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Layer {Layer} cannot obey rule {Rule} any more: its readers are kept out. {Reason}")]
    private static partial void LogBroken(ILogger logger, string layer, Guid rule, string reason);
}
