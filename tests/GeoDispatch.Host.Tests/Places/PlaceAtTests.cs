using System.Globalization;
using System.Text.Json;
using GeoDispatch.City;
using GeoDispatch.City.Import;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Postgres;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Places;

/// <summary>A point of the demo city in words, as the desk asks for it.</summary>
public sealed class PlaceAtTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// <c>points.csv</c>: made before the first answer was read, by a program apart from the product that compares each point with every address,
    /// crossing, street and place of the demo city, in plane geometry. Points at an edge of a rounding or a direction are not among them. Nine
    /// were stated anew afterwards, by that program: in six the district or town, since the demo city's borders lie midway in degrees, not metres;
    /// in three out at sea the distance, which had been measured to the edge of the map and not to the coast. Four on numbered roads are said by
    /// their kilometre since, from the distances to the posts on both sides as PostGIS measures them.
    /// </summary>
    [Fact]
    public async Task A_hundred_points_are_said_as_was_written_down_beforehand()
    {
        Session desk = await server.DispatcherAsync();
        string[] lines = (await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "Places", "points.csv"), Cancellation))[1..];
        Assert.Equal(100, lines.Length);
        var wrong = new List<string>();
        foreach (string line in lines)
        {
            string[] quoted = line.Split('"');
            string[] before = quoted[0].Split(','), after = quoted[2].Split(',');
            (string Kind, string Name, string District, string Town) expected = (before[2], quoted[1], after[1], after[2]);
            PlaceNamed place = await desk.ReadAsync<PlaceNamed>($"/api/places/at?lon={before[0]}&lat={before[1]}");
            (string, string, string, string) said = (place.Kind, place.Name, place.District?.Name ?? "", place.Town?.Name ?? "");
            if (said != expected)
            {
                wrong.Add($"{line} → {said}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task A_point_comes_with_the_station_that_is_nearest_by_road_and_with_its_coordinates()
    {
        (double lon, double lat) = (118.58, 37.455);
        PlaceNamed place = await AtAsync(lon, lat);

        Assert.Equal((lon, lat, true, "road"), (place.Lon, place.Lat, place.Synthetic, place.StationBasis));
        Assert.StartsWith("第", place.Station!.Name, StringComparison.Ordinal);
        double fastest = double.PositiveInfinity;
        foreach (string station in await server.Database.ListAsync<string>("SELECT lon || ',' || lat FROM dispatch.station WHERE agency = 'ems'"))
        {
            Answer route = await (await server.DispatcherAsync()).GetAsync(
                string.Create(CultureInfo.InvariantCulture, $"/api/roads/route?from={station}&to={lon},{lat}"));
            fastest = Math.Min(fastest, route.Read<JsonElement>().GetProperty("seconds").GetDouble());
        }

        Assert.Equal(fastest, place.Station.Seconds, 0.01);
    }

    [Fact]
    public async Task What_is_said_leads_back_to_the_point()
    {
        PlaceNamed place = await AtAsync(118.507705, 37.865513);

        Assert.Equal(("road", "南"), (place.Kind, place.From!.Direction));
        Assert.InRange((place.From.Lat - place.Lat) * 111_195, 0.9 * place.From.Meters, 1.1 * place.From.Meters);
    }

    [Fact]
    public async Task Station_whose_area_holds_a_place_answers_for_it_however_near_another_is()
    {
        (double lon, double lat) = (118.563101, 37.60049);
        StationNamed nearest = (await AtAsync(lon, lat)).Station!;
        string[] others = [.. await server.Database.ListAsync<string>($"SELECT name FROM dispatch.station WHERE id <> '{nearest.Id}' ORDER BY lon + lat DESC LIMIT 2")];
        TableReport report = await ImportAreasAsync(Area(others[0], lon, lat, 0.02), Area(others[1], lon, lat, 0.01));
        Assert.Equal((2, 0, 0), (report.Added, report.Changed, report.Refused.Count));

        PlaceNamed held = await AtAsync(lon, lat), around = await AtAsync(lon + 0.015, lat), beyond = await AtAsync(118.58, 37.455);
        Assert.Equal((others[1], "area"), (held.Station!.Name, held.StationBasis));
        Assert.True(held.Station.Seconds > nearest.Seconds);
        Assert.Equal((others[0], "area"), (around.Station!.Name, around.StationBasis));
        Assert.Equal("road", beyond.StationBasis);

        // The same again, one of them elsewhere.
        report = await ImportAreasAsync(Area(others[0], 118.3, 37.8, 0.02), Area(others[1], 118.3, 37.8, 0.01));
        Assert.Equal((0, 2), (report.Added, report.Changed));
        PlaceNamed again = await AtAsync(lon, lat);
        Assert.Equal((nearest.Id, "road"), (again.Station!.Id, again.StationBasis));
        await server.Database.ListAsync<int>("WITH gone AS (DELETE FROM dispatch.station_area) SELECT 1");
    }

    [Fact]
    public async Task Areas_that_cannot_be_taken_are_named_and_the_others_are_taken()
    {
        string station = (await server.Database.ListAsync<string>("SELECT name FROM dispatch.station ORDER BY id LIMIT 1"))[0];
        TableReport report = await ImportAreasAsync(
            Area("没有的站", 118.3, 37.8, 0.01),
            new { type = "Feature", properties = new { station }, geometry = new { type = "Polygon", coordinates = new[] { new[] { new[] { 118.0, 37.0 }, [118.1, 37.1], [118.1, 37.0], [118.0, 37.1], [118.0, 37.0] } } } },
            new { type = "Feature", properties = new { }, geometry = (object?)null });
        Assert.Equal([(1, "station", "没有的站"), (2, "geometry", station), (3, "station", null)], report.Refused.Select(static one => (one.Line, one.Column, one.Value)));
        Assert.Equal(0, await server.Database.CountAsync("dispatch.station_area"));
        report = await ImportAreasAsync(Area("没有的站", 118.3, 37.8, 0.01), Area(station, 118.3, 37.8, 0.01), Area(station, 118.3, 37.8, 0.01));
        Assert.Equal((1, 2), (report.Added, report.Refused.Count));
        await server.Database.ListAsync<int>("WITH gone AS (DELETE FROM dispatch.station_area) SELECT 1");
        await using var databases = new Databases(server.Database.ConnectionString);
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(path, "{\"type\":", Cancellation);
        await Assert.ThrowsAsync<ImportRefusedException>(() => ImportStationAreas.RunAsync(databases, path, Cancellation));
        File.Delete(path);
    }

    [Fact]
    public async Task Far_from_crossings_a_point_of_a_road_with_posts_is_said_by_its_kilometre_as_the_search_finds_it()
    {
        // Of the stretches between two posts one whose middle is far from every crossing.
        string middle = (await server.Database.ListAsync<string>(
            """
            SELECT p.ref || ' K' || p.km || '+500' FROM city.km_post p JOIN city.km_post q ON q.road = p.road AND q.km = p.km + 1
            WHERE p.ref IS NOT NULL AND NOT EXISTS (
                SELECT FROM city.crossing c WHERE ST_DWithin(c.geom::geography, ST_Centroid(ST_Collect(p.geom, q.geom))::geography, 1100))
            ORDER BY p.ref, p.km LIMIT 1
            """))[0];
        Session desk = await server.DispatcherAsync();
        PlaceFound found = (await desk.ReadAsync<PlacesFound>($"/api/places?q={Uri.EscapeDataString(middle)}")).Places[0];
        Assert.Equal("km", found.Kind);

        PlaceNamed place = await AtAsync(found.Lon, found.Lat);
        Assert.Equal(("km", $"{found.Name.Split(' ', 2)[1]} 附近"), (place.Kind, place.Name));
        Assert.InRange(place.From!.Meters, 400, 600);
    }

    [Fact]
    public async Task Outside_of_the_city_no_station_is_responsible()
    {
        PlaceNamed place = await AtAsync(121, 38);

        Assert.StartsWith("市界外,距", place.Name, StringComparison.Ordinal);
        Assert.InRange(place.OutsideMeters!.Value, 100_000, 300_000);
        Assert.Equal((null, null, null, "none"), (place.District, place.Town, place.Station, place.StationBasis));
    }

    [Theory]
    [InlineData("lon=180&lat=90")]
    [InlineData("lon=-180&lat=-90")]
    public async Task The_ends_of_the_earth_are_outside_of_the_city(string end) =>
        Assert.Equal("outside", (await (await server.DispatcherAsync()).ReadAsync<PlaceNamed>($"/api/places/at?{end}")).Kind);

    [Theory]
    [InlineData("lon=180.1&lat=37", "lon", "180.1")]
    [InlineData("lon=118&lat=-90.1", "lat", "-90.1")]
    [InlineData("lon=118", "lat", "")]
    public async Task A_bad_number_is_refused_by_field_and_value(string query, string field, string value)
    {
        JsonElement problem = (await (await server.DispatcherAsync()).GetAsync($"/api/places/at?{query}")).MustRefuse(400, "places.bad_point").Problem;
        Assert.Equal((field, value), (problem.GetProperty("field").GetString(), problem.GetProperty("value").GetString()));
    }

    [Fact]
    public async Task A_department_is_told_what_the_open_layers_show() =>
        Assert.Equal("crossing", (await (await server.SignInAsync("department")).ReadAsync<PlaceNamed>("/api/places/at?lon=118.563101&lat=37.60049")).Kind);

    [Fact]
    public async Task An_incident_keeps_how_its_place_was_found_and_how_the_caller_said_it()
    {
        Session desk = await server.DispatcherAsync();
        object call = Commands.NewIncident(118.58, 37.455, "西四路与黄河路口东 120 米", foundBy: "map", callerWords: " 肯德基对面 ");
        Incident opened = (await desk.PostAsync("/api/incidents", call)).Read<Incident>();

        Incident kept = await desk.ReadAsync<Incident>($"/api/incidents/{opened.Id}");
        Assert.Equal(("西四路与黄河路口东 120 米", "map", "肯德基对面"), (kept.Place.Address, kept.Place.FoundBy, kept.Place.CallerWords));
        JsonElement logged = kept.Timeline![0].Data.GetProperty("place");
        Assert.Equal(("map", "肯德基对面"), (logged.GetProperty("foundBy").GetString(), logged.GetProperty("callerWords").GetString()));
        Incident plain = await desk.OpenAsync();
        Assert.Equal((null, null), (plain.Place.FoundBy, plain.Place.CallerWords));
    }

    [Fact]
    public async Task Among_half_a_million_addresses_no_table_is_read_through()
    {
        // Far out at sea, where they are near no point that another test asks for.
        await server.Database.ListAsync<int>("""
            INSERT INTO city.address (id, street_name, house_number, synthetic, geom)
            SELECT 1000000 + n, '海上路', n::text, true, ST_SetSRID(ST_MakePoint(121 + n % 1000 * 0.001, 38 + n / 1000 * 0.001), 4326)
            FROM generate_series(1, 500000) n;
            ANALYZE city.address
            """);
        await using Stream file = typeof(CityModule).Assembly.GetManifestResourceStream("GeoDispatch.City.PlaceAt.sql")!;
        string sql = await new StreamReader(file).ReadToEndAsync(Cancellation);
        foreach ((string name, string value) in new[]
        {
            ("@lon", "118.58::float8"), ("@lat", "37.455::float8"), ("@kinds", "ARRAY['address', 'street', 'place', 'poi']"),
            ("@besideRoad", "50::float8"), ("@roadReach", "5000::float8"),
        })
        {
            sql = sql.Replace(name, value, StringComparison.Ordinal);
        }

        string plan = string.Join('\n', await server.Database.ListAsync<string>($"EXPLAIN {sql}"));
        Assert.Contains("Index Scan using address_geom3857 on address", plan, StringComparison.Ordinal);
        Assert.All(["address", "street", "crossing", "poi"], table => Assert.DoesNotContain($"Seq Scan on {table}", plan, StringComparison.Ordinal));
    }

    /// <summary>A square of two <paramref name="reach"/> degrees.</summary>
    private static object Area(string station, double lon, double lat, double reach)
    {
        (double west, double east, double south, double north) = (lon - reach, lon + reach, lat - reach, lat + reach);
        return new
        {
            type = "Feature",
            properties = new { station },
            geometry = new { type = "Polygon", coordinates = new[] { new[] { new[] { west, south }, [east, south], [east, north], [west, north], [west, south] } } },
        };
    }

    private async Task<TableReport> ImportAreasAsync(params object[] features)
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.geojson");
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(new { type = "FeatureCollection", features }), Cancellation);
        await using var databases = new Databases(server.Database.ConnectionString);
        TableReport report = await ImportStationAreas.RunAsync(databases, path, Cancellation);
        File.Delete(path);
        return report;
    }

    private async Task<PlaceNamed> AtAsync(double lon, double lat) =>
        await (await server.DispatcherAsync()).ReadAsync<PlaceNamed>(string.Create(CultureInfo.InvariantCulture, $"/api/places/at?lon={lon}&lat={lat}"));
}
