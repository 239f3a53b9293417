using System.Globalization;
using GeoDispatch.Testing;
using Microsoft.Playwright;

namespace GeoDispatch.Web.Tests;

/// <summary>The base map alone in the browser, as the console draws it: its library, its letters, the server's own style.</summary>
internal static class MapPage
{
    private const string Packages = "/picture/packages/";
    private static readonly Dictionary<string, string> MediaTypes = new(StringComparer.Ordinal)
    {
        [".mjs"] = "text/javascript",
        [".css"] = "text/css",
        [".woff2"] = "font/woff2",
        [".woff"] = "font/woff",
        [".html"] = "text/html",
    };

    /// <summary>A picture of so many pixels each way, once all of it is drawn.</summary>
    /// <param name="zoom">MapLibre's.</param>
    /// <param name="style">The address of a style.</param>
    internal static async Task<byte[]> DrawAsync(IPage page, string style, double lon, double lat, double zoom, int side)
    {
        await page.SetViewportSizeAsync(side, side);
        await page.RouteAsync("**/picture/**", FulfilAsync);
        await page.GotoAsync(string.Create(CultureInfo.InvariantCulture, $"/picture/map.html#{zoom}/{lon}/{lat}/{style}"));
        await page.Locator("body[data-drawn=true]").WaitForAsync(new() { Timeout = 120_000 });
        return await page.ScreenshotAsync();
    }

    private static async Task FulfilAsync(IRoute route)
    {
        string path = new Uri(route.Request.Url).AbsolutePath;
        await route.FulfillAsync(path.StartsWith(Packages, StringComparison.Ordinal)
            ? new RouteFulfillOptions { Path = Path.Combine(Product.Web, "node_modules", path[Packages.Length..]), ContentType = MediaTypes[Path.GetExtension(path)] }
            : new RouteFulfillOptions { Body = Html, ContentType = MediaTypes[".html"] + "; charset=utf-8" });
    }

    // Letters are drawn once and kept, so their faces are there before the map is; which letters it needs, a first map says.
    private const string Html =
        """
        <!doctype html>
        <meta charset="utf-8">
        <link rel="stylesheet" href="/picture/packages/@fontsource/noto-sans-sc/400.css">
        <link rel="stylesheet" href="/picture/packages/@fontsource/noto-sans-sc/600.css">
        <link rel="stylesheet" href="/picture/packages/maplibre-gl/dist/maplibre-gl.css">
        <style>body { margin: 0 } #map { width: 100vw; height: 100vh }</style>
        <div id="map"></div>
        <script type="module">
          import { Map, setWorkerUrl } from '/picture/packages/maplibre-gl/dist/maplibre-gl.mjs';
          setWorkerUrl('/picture/packages/maplibre-gl/dist/maplibre-gl-worker.mjs');
          const [zoom, lon, lat, ...style] = location.hash.slice(1).split('/');
          const draw = () => new Promise(done => {
            const map = new Map({
              container: 'map', style: `${location.origin}/${style.join('/')}`, center: [+lon, +lat], zoom: +zoom, attributionControl: false,
              fadeDuration: 0, localIdeographFontFamily: '"Noto Sans SC"', interactive: false,
            });
            map.once('idle', () => done(map));
          });
          const first = await draw();
          const text = first.queryRenderedFeatures().map(({ properties }) => Object.values(properties).join('')).join('') + '0123456789';
          await Promise.all([400, 600].map(weight => document.fonts.load(`${weight} 16px "Noto Sans SC"`, text)));
          first.remove();
          await draw();
          document.body.dataset.drawn = 'true';
        </script>
        """;
}
