using System.Security.Claims;
using GeoDispatch.Identity;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoDispatch.City.Places;

/// <summary>
/// Features of the layers of departments, for the search. Names are kept in memory and read anew while people search; the likeliest are
/// asked of the database as the asker, which knows alone who may see which row.
/// </summary>
internal sealed partial class LayerPlaces(ILayerNames names, ILogger<LayerPlaces> log) : BackgroundService
{
    /// <summary>Of all layers together: some 1.2 kB each, and 20 to 40 ms of a search when so many are alike.</summary>
    internal const int MostNames = 50_000;

    /// <summary>So many features of a layer are asked of the database for one answer.</summary>
    private const int MostAsked = 500;

    /// <summary>Longer the other places do not wait for those of layers.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(5), ReadAgainAfterLoss = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, long> due = new(StringComparer.Ordinal);
    private volatile LayerIndex[] kept = [];
    private volatile bool isAsked = true;

    /// <summary>What the asker may read of the features that the words mean, with their names and places as they are now.</summary>
    internal async ValueTask<IReadOnlyList<FeatureFound>> FindAsync(PlaceQuestion question, ClaimsPrincipal asker, CancellationToken cancellation)
    {
        isAsked = true;
        LayerIndex[] layers = kept;
        return layers.Length == 0 ? [] : await AskAsync(layers, question, asker, cancellation);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(ReadEvery);
        try
        {
            do
            {
                // Where nobody searches nothing is read.
                if (isAsked)
                {
                    isAsked = false;
                    await ReadAsync(stoppingToken);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server is stopping.
        }
    }

    private async Task<IReadOnlyList<FeatureFound>> AskAsync(
        LayerIndex[] layers, PlaceQuestion question, ClaimsPrincipal asker, CancellationToken cancellation)
    {
        string text = PlaceText.Fold(question.Text).Text;
        var candidates = new Dictionary<(string Layer, string Key), FeatureFound>();
        foreach (FeatureFound one in layers.SelectMany(layer => layer.Find(text, question.Near, MostAsked)))
        {
            candidates[(one.Layer.Id, one.Feature.Key)] = one;
        }

        if (candidates.Count == 0)
        {
            return [];
        }

        Dictionary<string, IReadOnlyList<string>> keys = candidates.Keys.GroupBy(static one => one.Layer, StringComparer.Ordinal)
            .ToDictionary(static one => one.Key, static one => (IReadOnlyList<string>)[.. one.Select(static feature => feature.Key)], StringComparer.Ordinal);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            // One that has another name by now was not meant, or will be found by it soon.
            return [.. (await names.FindAsync(keys, question.Text, asker, patience.Token))
                .Where(one => candidates[(one.Layer, one.Feature.Key)].Feature.Name == one.Feature.Name)
                .Select(one => candidates[(one.Layer, one.Feature.Key)] with { Feature = one.Feature })];
        }
        catch (Exception late) when (late is NpgsqlException || (late is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            LogLate(log, Patience.TotalMilliseconds, late.Message);
            return [];
        }
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        IReadOnlyList<SearchedLayer> wanted;
        try
        {
            wanted = await names.ListAsync(cancellation);
        }
        catch (Exception loss) when (loss is NpgsqlException or IOException or FormatException)
        {
            // The database is away, or a view says of itself what nobody understands: what is kept is asked about, and this is asked again while people search.
            isAsked = true;
            return;
        }

        kept = [.. kept.Where(layer => wanted.Contains(layer.Layer))];
        foreach (SearchedLayer layer in wanted)
        {
            LayerIndex? before = Array.Find(kept, one => one.Layer == layer);
            if (before is null || !due.TryGetValue(layer.Id, out long at) || Environment.TickCount64 >= at)
            {
                await ReadAsync(layer, before, cancellation);
            }
        }
    }

    private async Task ReadAsync(SearchedLayer layer, LayerIndex? before, CancellationToken cancellation)
    {
        long began = Environment.TickCount64;
        try
        {
            LayerNamesRead read = await names.ReadAsync(layer, MostNames - kept.Where(one => one != before).Sum(static one => one.Features.Count), cancellation);
            if (before is null || !read.Features.SequenceEqual(before.Features))
            {
                kept = [.. kept.Where(one => one != before), new LayerIndex(layer, read.Features)];
            }

            // However large a layer is, to read it takes a twentieth of the time.
            long now = Environment.TickCount64;
            due[layer.Id] = now + (20 * (now - began));
        }
        catch (Exception fault) when (fault is NpgsqlException or IOException or FormatException)
        {
            LogUnread(log, layer.Id, fault.Message);
            due[layer.Id] = Environment.TickCount64 + (long)ReadAgainAfterLoss.TotalMilliseconds;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Layers of departments did not answer a search within {Milliseconds} ms; it was answered without them. {Reason}")]
    private static partial void LogLate(ILogger logger, double milliseconds, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The names of layer {Layer} cannot be read for the search. {Reason}")]
    private static partial void LogUnread(ILogger logger, string layer, string reason);
}
