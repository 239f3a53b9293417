using GeoDispatch.Benchmarks;
using GeoDispatch.Benchmarks.Dispatch;
using GeoDispatch.Benchmarks.Faults;
using GeoDispatch.Benchmarks.Features;
using GeoDispatch.Benchmarks.Fixes;
using GeoDispatch.Benchmarks.Isolation;
using GeoDispatch.Benchmarks.Live;
using GeoDispatch.Benchmarks.Places;
using GeoDispatch.Benchmarks.Roads;
using GeoDispatch.Benchmarks.Tiles;
using GeoDispatch.Benchmarks.Week;
using GeoDispatch.Cli.Cluster;

// dotnet run -c Release --project tests/GeoDispatch.Benchmarks -- NAME
// Each measures ours and the baseline interleaved in one run and ends with "NAME ratio R (aim A)"; exit 0 where R meets A.
Dictionary<string, Func<string[], Task<Verdict>>> benchmarks = new(StringComparer.Ordinal)
{
    ["features-bbox"] = FeaturesInBox.RunAsync,
    ["roads-nearest"] = RoadsNearest.RunAsync,
    ["places-search"] = PlacesSearch.RunAsync,
    ["tiles-live"] = TileThroughput.LiveAsync,
    ["tiles-cached"] = TileThroughput.CachedAsync,
    ["fixes-ingest"] = FixesIngest.RunAsync,
    ["faults"] = FaultRun.RunAsync,
    ["history"] = History.RunAsync,
    ["isolation"] = DispatchUnderLoad.RunAsync,
    ["fuzz-terminals"] = FuzzTerminals.RunAsync,
    ["tiles-raster"] = RasterThroughput.RunAsync,
    ["live-consoles"] = LiveConsoles.RunAsync,
    ["map-movers"] = MapMovers.RunAsync,
    ["recommend"] = Recommend.RunAsync,
    ["replay-calls"] = ReplayCalls.RunAsync,
    ["ems-week"] = EmsWeek.RunAsync,
};
if (args is [GreedyClients.Name, var address, .. var keys])
{
    await GreedyClients.RunAsync(new Uri(address), keys);
    return 0;
}

if (args.Length == 0 || !benchmarks.TryGetValue(args[0], out Func<string[], Task<Verdict>>? benchmark))
{
    Console.Error.WriteLine($"There are: {string.Join(", ", benchmarks.Keys)}");
    return 2;
}

Verdict verdict;
try
{
    verdict = await benchmark(args[1..]);
}
catch (SetupException setup)
{
    Console.Error.WriteLine(setup.Message);
    return 2;
}

Console.WriteLine(FormattableString.Invariant($"{args[0]} ratio {verdict.Ratio:0.00} (aim {verdict.Aim:0.##})"));
return verdict.IsMet ? 0 : 1;
