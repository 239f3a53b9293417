using GeoDispatch.City.Import;
using GeoDispatch.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GeoDispatch.Roads;

/// <summary>
/// The city's streets as they are now: the graph, read from the base map at first use and kept, and the times that hold on it for each
/// profile at this hour, with the closures in force and what is learned.
/// </summary>
public sealed class Streets(Databases databases, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim loading = new(1, 1);
    private readonly Lock changing = new();
    private readonly List<Func<RoadGraph, CancellationToken, Task>> preparations = [];
    private volatile RoadState? current;
    private RoadState? coming;
    private long version;

    /// <summary>Grows with everything that changes an answer but the hour: new streets, conditions, learned speeds.</summary>
    public long Version => Interlocked.Read(ref version);

    /// <summary>The streets as they are now for a profile. Kept only once the city has streets, so that one imported later is found.</summary>
    public async ValueTask<RoadNetwork> GetAsync(RoadProfile profile, CancellationToken cancellation = default) =>
        (current ?? await LoadAsync(anew: false, cancellation)).At(profile, clock.GetUtcNow());

    /// <summary>As <see cref="GetAsync(RoadProfile, CancellationToken)"/>, for a large vehicle of a size of its own; worked out anew each time.</summary>
    public async ValueTask<RoadNetwork> GetAsync(VehicleSize size, CancellationToken cancellation = default) =>
        (current ?? await LoadAsync(anew: false, cancellation)).At(size, clock.GetUtcNow());

    /// <summary>The graph, and what decides its times for a profile at the hour of a moment: with the closures and what is learned now.</summary>
    public async ValueTask<(RoadGraph Graph, RoadMoment Moment)> GetMomentAsync(RoadProfile profile, DateTimeOffset at, CancellationToken cancellation = default)
    {
        RoadState state = current ?? await LoadAsync(anew: false, cancellation);
        return (state.Graph, state.MomentAt(profile, at));
    }

    /// <summary>The graph alone: what meets where.</summary>
    public async ValueTask<RoadGraph> GetGraphAsync(CancellationToken cancellation = default) =>
        (current ?? await LoadAsync(anew: false, cancellation)).Graph;

    /// <summary>
    /// The closures and slow-downs in force from the next answer on, instead of those before. False where the graph is no longer the
    /// city's; then nothing is changed, and whoever was given to <see cref="WhenLoaded"/> is asked for the new one.
    /// </summary>
    /// <exception cref="ArgumentException">A condition is unusable; nothing is changed.</exception>
    public bool SetConditions(RoadGraph graph, IReadOnlyList<RoadCondition> conditions)
    {
        foreach (RoadCondition condition in conditions)
        {
            RoadWeighing.MustFit(graph.Arrays, condition);
        }

        return Change(graph, state => state.With(conditions));
    }

    /// <summary>What is learned of the graph's arcs, from the next answer on; null for nothing. False as with <see cref="SetConditions"/>.</summary>
    public bool SetLearned(RoadGraph graph, LearnedSpeeds? learned) => Change(graph, state => state.With(learned));

    /// <summary>
    /// Called with every graph that is loaded, before the first question is answered on it: the moment to set its conditions and learned
    /// speeds. Where the streets are there already it is called with the next ones only.
    /// </summary>
    public void WhenLoaded(Func<RoadGraph, CancellationToken, Task> prepare)
    {
        lock (changing)
        {
            preparations.Add(prepare);
        }
    }

    /// <summary>Reads the streets again; searches under way finish on the graph they began with.</summary>
    public Task ReloadAsync(CancellationToken cancellation = default) => LoadAsync(anew: true, cancellation);

    /// <summary>As <see cref="ReloadAsync"/> where the streets were asked for before; nothing else.</summary>
    internal Task ReloadIfLoadedAsync(CancellationToken cancellation) => current is null ? Task.CompletedTask : LoadAsync(anew: true, cancellation);

    /// <inheritdoc/>
    public void Dispose() => loading.Dispose();

    private bool Change(RoadGraph graph, Func<RoadState, RoadState> change)
    {
        lock (changing)
        {
            if (current?.Graph == graph)
            {
                current = change(current);
            }
            else if (coming?.Graph == graph)
            {
                coming = change(coming);
            }
            else
            {
                return false;
            }

            Interlocked.Increment(ref version);
            return true;
        }
    }

    private async Task<RoadState> LoadAsync(bool anew, CancellationToken cancellation)
    {
        await loading.WaitAsync(cancellation);
        try
        {
            if (!anew && current is { } ready)
            {
                return ready;
            }

            RoadState state = await StreetReader.ReadAsync(databases, cancellation);
            Func<RoadGraph, CancellationToken, Task>[] prepare;
            lock (changing)
            {
                coming = state;
                prepare = [.. preparations];
            }

            foreach (Func<RoadGraph, CancellationToken, Task> step in prepare)
            {
                await step(state.Graph, cancellation);
            }

            lock (changing)
            {
                state = coming;
                (current, coming) = (state.Graph.EdgeCount > 0 ? state : null, null);
                Interlocked.Increment(ref version);
            }

            return state;
        }
        finally
        {
            loading.Release();
        }
    }
}

/// <summary>
/// Reads the streets again when the base map says that it was replaced, and says of what is read which parts hang apart. Where that fails,
/// the former streets answer on, and it is tried again.
/// </summary>
internal sealed partial class StreetsWatcher(PgListener listener, Streets streets, ILogger<StreetsWatcher> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        streets.WhenLoaded((graph, _) =>
        {
            IReadOnlyList<RoadIsland> islands = graph.ListIslands();
            Loaded(graph.EdgeCount, islands.Count, islands.Sum(static island => island.Edges));
            return Task.CompletedTask;
        });
        try
        {
            await foreach (string _ in listener.Listen(OsmImport.StreetsChanged, stoppingToken))
            {
                while (!await TryReloadAsync(stoppingToken))
                {
                    await Task.Delay(Pause, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server is stopping.
        }
    }

    private async Task<bool> TryReloadAsync(CancellationToken stopping)
    {
        try
        {
            await streets.ReloadIfLoadedAsync(stopping);
            return true;
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            // Whatever it is, a base map that cannot be read is no reason to answer nobody.
            NotLoaded(Pause, failure);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Error, "The new streets could not be read; those of before answer on. Tried again in {Pause}.")]
    private partial void NotLoaded(TimeSpan pause, Exception failure);

    [LoggerMessage(LogLevel.Information, "{Edges} pieces of street are loaded; {Islands} islands of {IslandEdges} pieces hang together with the rest in one direction at most.")]
    private partial void Loaded(int edges, int islands, int islandEdges);
}
