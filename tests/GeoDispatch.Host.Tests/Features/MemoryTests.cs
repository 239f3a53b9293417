using System.Text.Json;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Features;

/// <summary>Tests that measure this process: nothing else runs in it meanwhile.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Alone;

/// <summary>However long a page is, no more than a feature of it lies in memory.</summary>
[Collection(typeof(Alone))]
public sealed class MemoryTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_buildings_pass_through_little_memory()
    {
        const string all = "/ogc/collections/buildings/items?limit=10000";
        using var http = new HttpClient { BaseAddress = server.Address };
        var buffer = new byte[65_536];
        (long bytes, long most) = (0, 0);
        async Task<string?> PageAsync(string path)
        {
            using HttpResponseMessage response = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Cancellation);
            Assert.True(response.IsSuccessStatusCode);
            await using Stream body = await response.Content.ReadAsStreamAsync(Cancellation);
            string tail = "";
            for (int read; (read = await body.ReadAsync(buffer, Cancellation)) > 0; bytes += read)
            {
                string text = tail + System.Text.Encoding.UTF8.GetString(buffer, 0, read);
                tail = text[Math.Max(0, text.Length - 2_000)..];
                if (bytes / 1_000_000 < (bytes + read) / 1_000_000)
                {
                    // What is held in the middle of the page, by server and client, without the garbage.
                    most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
                }
            }

            JsonElement end = JsonDocument.Parse("{" + tail[tail.LastIndexOf("\"numberReturned\"", StringComparison.Ordinal)..]).RootElement;
            return end.Link("next")?.GetProperty("href").GetString();
        }

        await PageAsync(all);
        long start = GC.GetTotalMemory(forceFullCollection: true);
        (bytes, most) = (0, 0);
        for (string? next = all; next is not null;)
        {
            next = await PageAsync(next);
        }

        Assert.True(bytes > 10_000_000, $"only {bytes} bytes");
        Assert.InRange(most - start, -start, 50_000_000);
    }

    [Fact]
    public async Task A_page_of_WFS_passes_through_little_memory()
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        var buffer = new byte[65_536];
        (long bytes, long most, long start) = (0, 0, 0);
        foreach (bool measured in new[] { false, true })
        {
            (bytes, start) = (0, GC.GetTotalMemory(forceFullCollection: true));
            using HttpResponseMessage response = await http.GetAsync(
                "/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=buildings", HttpCompletionOption.ResponseHeadersRead, Cancellation);
            Assert.True(response.IsSuccessStatusCode);
            await using Stream body = await response.Content.ReadAsStreamAsync(Cancellation);
            for (int read; (read = await body.ReadAsync(buffer, Cancellation)) > 0; bytes += read)
            {
                if (measured && bytes / 500_000 < (bytes + read) / 500_000)
                {
                    most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
                }
            }
        }

        Assert.True(bytes > 4_000_000, $"only {bytes} bytes");
        // Less than the page itself.
        Assert.InRange(most - start, -start, bytes / 2);
    }
}
