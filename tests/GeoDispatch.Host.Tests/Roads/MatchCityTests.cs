using System.Globalization;
using System.Xml.Linq;
using GeoDispatch.City.Import;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Postgres;
using GeoDispatch.Roads;
using GeoDispatch.Roads.Matching;
using GeoDispatch.Roads.Tests.Matching;
using GeoDispatch.Spatial;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Roads;

/// <summary>
/// Traces on real cities. No file with roads of Munich is published with the traces of Munich, so drives with a known way over other cities
/// stand for them; the track of Andorra has no times, so it is driven at a steady speed.
/// </summary>
public sealed class MatchCityTests(TestCluster cluster)
{
    private const double MostUnconnected = 0.01;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("helsinki")]
    [InlineData("liechtenstein-latest")]
    [InlineData("shanghai_center")]
    public async Task Drives_with_noise_are_found_again(string city)
    {
        RoadGraph graph = await ImportAsync(city);
        var matcher = new TraceMatcher(graph);
        foreach ((int everySeconds, double noiseMeters, double leastOnPath) in new[] { (1, 5.0, 0.97), (1, 20, 0.85), (15, 10, 0.93), (30, 10, 0.85) })
        {
            var random = new Random(everySeconds + (int)noiseMeters);
            MatchQuality[] found = [.. Enumerable.Range(0, 40).Select(_ =>
            {
                Drive drive = Drive.Over(graph, random, 6_000);
                return MatchQuality.Of(graph, [.. drive.Arcs], matcher.Match(drive.Fixes(random, everySeconds, noiseMeters).Select(static fix => fix.Point)));
            })];
            var mean = new MatchQuality(found.Average(static of => of.OnPath), found.Average(static of => of.Unconnected), found.Average(static of => of.Mismatch));
            TestContext.Current.SendDiagnosticMessage($"{city}, {everySeconds} s, noise {noiseMeters} m: {mean}");
            Assert.True(mean.OnPath >= leastOnPath && mean.Unconnected <= MostUnconnected, $"{city}, {everySeconds} s, {noiseMeters} m: {mean}");
        }
    }

    [Fact]
    public async Task The_track_through_Andorra_is_one_way_and_seldom_fixes_lie_on_it()
    {
        XNamespace gpx = "http://www.topografix.com/GPX/1/1";
        LonLat[] track = [.. XDocument.Load(SharedData.OrSkip("data/traces/andorra_for_map_matching.gpx")).Descendants(gpx + "trkpt")
            .Select(static point => new LonLat(Number(point, "lon"), Number(point, "lat")))];
        RoadGraph graph = await ImportAsync("andorra");
        var matcher = new TraceMatcher(graph);
        TraceMatch whole = matcher.Match(Timed(track, everySeconds: 1));
        int[] path = [.. whole.Passes.Select(static pass => pass.Arc)];

        Assert.All(whole.Points, static point => Assert.True(point is { Position: not null, Break: null }));
        foreach (TracePoint[] seldom in new[] { Timed(track, 15), Timed(track, 30), [.. Timed(track, 0)] })
        {
            var quality = MatchQuality.Of(graph, path, matcher.Match(seldom));
            TestContext.Current.SendDiagnosticMessage($"Andorra, {path.Distinct().Count()} streets, {seldom.Length} of {whole.Points.Count} points: on the path {quality.OnPath:P1}");
            Assert.True(quality is { OnPath: >= 0.95, Unconnected: <= MostUnconnected }, quality.ToString());
        }
    }

    private static double Number(XElement point, string name) => double.Parse(point.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    /// <summary>Along the track at 8 m/s; with 0 s, the points of the track alone.</summary>
    private static TracePoint[] Timed(LonLat[] track, double everySeconds)
    {
        const double MetersPerSecond = 8;
        var points = new List<TracePoint>();
        double begin = 0, next = 0;
        for (int index = 1; index < track.Length; index++)
        {
            double length = Geodesy.DistanceMeters(track[index - 1], track[index]);
            if (everySeconds <= 0)
            {
                points.Add(new TracePoint(DateTimeOffset.UnixEpoch.AddSeconds(begin / MetersPerSecond), track[index - 1]));
            }

            for (; everySeconds > 0 && next <= begin + length; next += everySeconds * MetersPerSecond)
            {
                points.Add(new TracePoint(
                    DateTimeOffset.UnixEpoch.AddSeconds(next / MetersPerSecond), Geodesy.Between(track[index - 1], track[index], (next - begin) / length)));
            }

            begin += length;
        }

        return [.. points];
    }

    private async Task<RoadGraph> ImportAsync(string city)
    {
        string file = SharedData.OrSkip($"data/osm/{city}.osm.pbf");
        await using var databases = new Databases((await cluster.EmptyAsync()).ConnectionString);
        await PostgresTools.FindOrInstallAsync(Packages.PostGis | Packages.OsmImport, mayInstall: true, static _ => { }, Cancellation);
        await OsmImport.RunAsync(
            databases.Batch, databases.ConnectionString, file, new CityWishes(city, city, null, "Asia/Shanghai"), static _ => { }, Cancellation);
        using var streets = new Streets(databases, TimeProvider.System);
        return await streets.GetGraphAsync(Cancellation);
    }
}
