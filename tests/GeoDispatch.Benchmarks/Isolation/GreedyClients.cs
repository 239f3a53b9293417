using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;

namespace GeoDispatch.Benchmarks.Isolation;

/// <summary>
/// 64 clients of the map that want all they can get, in a process of their own: whole layers by WFS and by OGC API, tiles of vectors and
/// images of places that nobody asked for yet, and maps by WMS. Refused, they come again after a tenth of a second, whatever was said.
/// </summary>
internal static class GreedyClients
{
    internal const string Name = "greedy";
    private const int Clients = 64;

    /// <summary>Runs until the input ends; then says what was served.</summary>
    /// <param name="keys">Every second client sends one of them; the others are nobody.</param>
    internal static async Task RunAsync(Uri address, string[] keys)
    {
        var counts = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        using var end = new CancellationTokenSource();
        Task[] clients = [.. Enumerable.Range(0, Clients).Select(number => AskAsync(
            address, number, number % 2 == 0 && keys.Length > 0 ? keys[number / 2 % keys.Length] : null, counts, end.Token))];
        await Console.In.ReadToEndAsync(CancellationToken.None);
        await end.CancelAsync();
        await Task.WhenAll(clients);
        Console.WriteLine(string.Join(", ", counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Key}: {count.Value}")));
    }

    private static async Task AskAsync(Uri address, int number, string? key, ConcurrentDictionary<string, int> counts, CancellationToken end)
    {
        using var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(1) };
        if (key is not null)
        {
            http.DefaultRequestHeaders.Add("X-API-Key", key);
        }

        while (!end.IsCancellationRequested)
        {
            try
            {
                using HttpResponseMessage answer = await http.GetAsync(Wish(number % 5), end);
                await answer.Content.CopyToAsync(Stream.Null, end);
                counts.AddOrUpdate(((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture), 1, static (_, count) => count + 1);
                if (!answer.IsSuccessStatusCode)
                {
                    await Task.Delay(100, end);
                }
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                return;
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
            {
                counts.AddOrUpdate("broken", 1, static (_, count) => count + 1);
                await Task.Delay(100, CancellationToken.None);
            }
        }
    }

    private static string Wish(int kind)
    {
        // Around the demo city.
        double lon = 118.4 + (RandomNumberGenerator.GetInt32(30_000) / 100_000.0), lat = 37.35 + (RandomNumberGenerator.GetInt32(20_000) / 100_000.0);
        int zoom = 13 + RandomNumberGenerator.GetInt32(4);
        (int x, int y) = Tile(lon, lat, zoom);
        return kind switch
        {
            0 => "/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=buildings&count=10000",
            1 => "/ogc/collections/buildings/items?limit=10000",
            2 => FormattableString.Invariant($"/tiles/city/{zoom}/{x}/{y}.mvt"),
            3 => FormattableString.Invariant($"/tiles/city/{zoom}/{x}/{y}.png"),
            _ => FormattableString.Invariant(
                $"/wms?service=WMS&version=1.3.0&request=GetMap&layers=city&styles=&crs=CRS:84&bbox={lon},{lat},{lon + 0.03},{lat + 0.03}&width=1024&height=1024&format=image/png"),
        };
    }

    private static (int X, int Y) Tile(double lon, double lat, int zoom)
    {
        double side = 1 << zoom, angle = lat * Math.PI / 180;
        return ((int)((lon + 180) / 360 * side), (int)((1 - (Math.Asinh(Math.Tan(angle)) / Math.PI)) / 2 * side));
    }
}
