using GeoDispatch.Testing;
using Microsoft.Playwright;
using Npgsql;
using SkiaSharp;
using static Microsoft.Playwright.Assertions;

namespace GeoDispatch.Web.Tests;

/// <summary>
/// 5,000 vehicles of the city on the desk's map: together over the city, one by one in a street. With a folder in <c>GEODISPATCH_PICTURES</c>
/// each zoom is kept there for the eye.
/// </summary>
public sealed class FleetMapTests(Chromium chromium, ConsoleServer console, ITestOutputHelper output) : IClassFixture<ConsoleServer>
{
    private const int Vehicles = 5_000;
    private const string Middle = "鲁E99999";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Five_thousand_vehicles_are_told_and_the_one_under_the_pointer_is_named_with_its_age()
    {
        await FillAsync();
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await console.SignInAsync(page, "dispatcher1");
        ILocator map = page.GetByTestId("map");
        await map.FocusAsync();
        LocatorBoundingBoxResult box = (await map.BoundingBoxAsync())!;
        await Pictures.TakeEverywhereAsync(page, "clusters", map, output);
        await map.FocusAsync();
        for (int step = 0; step <= 5; step++)
        {
            await PictureAsync(page, $"fleet-step-{step}");
            await page.Keyboard.PressAsync("Equal");
            // A step that begins within another one is shorter.
            await Task.Delay(500, Cancellation);
        }

        // The feed follows the view; whoever stands in its middle is found there once it is told.
        ILocator spoken = page.GetByTestId("map-spoken");
        for (int tries = 0; tries < 60 && !(await spoken.TextContentAsync())!.Contains(Middle, StringComparison.Ordinal); tries++)
        {
            await page.Mouse.ClickAsync(box.X + (box.Width / 2), box.Y + (box.Height / 2));
            await Task.Delay(500, Cancellation);
            if (tries % 8 == 7)
            {
                // Steps of a busy machine were shorter, and it is still one of a group: nearer, as a hand would do.
                await map.FocusAsync();
                await page.Keyboard.PressAsync("Equal");
            }
        }

        string name = (await spoken.TextContentAsync())!;
        Assert.StartsWith($"{Middle} ", name, StringComparison.Ordinal);
        Assert.Contains(name[Middle.Length..], char.IsAsciiDigit);
        await PictureAsync(page, "fleet-picked");
        // And there it is drawn: a disc in the grey of what asks nothing of this desk.
        SKColor ink = await InkAsync(page, box.X + (box.Width / 2), box.Y + (box.Height / 2));
        Assert.True(Math.Abs(ink.Red - 0x5F) + Math.Abs(ink.Green - 0x69) + Math.Abs(ink.Blue - 0x74) < 12, $"{ink} is in the middle");
        await page.Keyboard.PressAsync("Minus");
        await page.Keyboard.PressAsync("Minus");
        await page.GetByTestId("switch-theme").ClickAsync();
        await PictureAsync(page, "fleet-night");
        Assert.Empty(screen.Faults);
    }

    private static async Task<SKColor> InkAsync(IPage page, float x, float y)
    {
        byte[] picture = await page.ScreenshotAsync(new PageScreenshotOptions { Clip = new Clip { X = x - 1, Y = y - 1, Width = 2, Height = 2 } });
        using SKBitmap pixels = SKBitmap.Decode(picture);
        return pixels.GetPixel(0, 0);
    }

    /// <summary>Around the middle of the city, some heard just now, some long ago; one of them in the very middle, that is new all the
    /// time.</summary>
    private async Task FillAsync()
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(console.Server.Database.ConnectionString);
        await using NpgsqlCommand fill = source.CreateCommand(
            """
            WITH fleet AS (
                INSERT INTO tracking.vehicle (id, plate, kind, name)
                SELECT gen_random_uuid(), CASE WHEN n = 0 THEN $2 ELSE '鲁E' || (10000 + n) END,
                    CASE WHEN n % 50 = 7 THEN 'police' WHEN n % 50 = 17 THEN 'fire' WHEN n % 50 = 27 THEN 'rescue' WHEN n % 100 = 37 THEN 'ambulance' ELSE 'bus' END, n::text
                FROM generate_series(0, $1 - 1) n
                RETURNING id, plate, name::int AS n
            ), device AS (
                INSERT INTO tracking.device (id, vehicle_id, name, key_hash)
                SELECT gen_random_uuid(), id, plate, sha256(plate::bytea) FROM fleet RETURNING id, vehicle_id
            )
            INSERT INTO tracking.latest_fix (device_id, vehicle_id, fix_time, received_at, lon, lat, speed_kmh, heading_degrees)
            SELECT device.id, fleet.id, at, at, center_lon + aside, center_lat + above, CASE WHEN n % 3 = 0 THEN 0 ELSE 40 END, n * 37 % 360
            FROM fleet JOIN device ON vehicle_id = fleet.id, share.profile,
                LATERAL (SELECT now() + interval '20 seconds' - CASE WHEN n = 0 THEN interval '-10 minutes' WHEN n % 20 = 3 THEN interval '80 seconds' WHEN n % 20 = 4 THEN interval '10 minutes'
                        WHEN n % 20 = 5 THEN interval '1 day' ELSE interval '0' END AS at,
                    -- Nobody within 130 m of the one in the middle.
                    CASE n WHEN 0 THEN 0 ELSE (n % 2 - 0.5) * (0.003 + 0.14 * random() * (0.5 + random())) END AS aside,
                    CASE n WHEN 0 THEN 0 ELSE 0.12 * (random() - 0.5 + (random() - 0.5) / 2) END AS above) AS where_and_when
            """);
        fill.Parameters.Add(new NpgsqlParameter { Value = Vehicles });
        fill.Parameters.Add(new NpgsqlParameter { Value = Middle });
        Assert.Equal(Vehicles, await fill.ExecuteNonQueryAsync(Cancellation));
    }

    private Task PictureAsync(IPage page, string name) => Pictures.TakeAsync(page, name, output, TimeSpan.FromSeconds(4));
}
