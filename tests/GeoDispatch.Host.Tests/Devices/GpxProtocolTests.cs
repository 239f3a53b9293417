using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Devices.Gpx;

namespace GeoDispatch.Host.Tests.Devices;

public sealed partial class ProtocolTests
{
    [Fact]
    public async Task A_gpx_file_becomes_history_of_its_vehicle_once_and_is_logged()
    {
        Guid vehicle = await NewVehicleAsync("120");
        Session boss = await server.SignInAsync("admin");
        // More than one batch.
        string gpx = Gpx(Now.AddHours(-1), 1_200, "<trkpt lat=\"37.4\" lon=\"118.6\"/>");
        GpxReceipt first = (await UploadAsync(boss, vehicle, gpx)).Read<GpxReceipt>();
        Assert.Equal((1_201, 1_200, 0, 1), (first.Points, first.Accepted, first.Duplicates, first.Refused));
        GpxReceipt again = (await UploadAsync(boss, vehicle, gpx, multipart: true)).Read<GpxReceipt>();
        Assert.Equal((0, 1_200), (again.Accepted, again.Duplicates));
        Assert.Equal(1_200, await server.Database.CountAsync("tracking.fix WHERE vehicle_id = $1 AND altitude_m = 12", vehicle));
        Assert.Equal(1, await server.Database.CountAsync("tracking.latest_fix WHERE vehicle_id = $1", vehicle));
        Assert.Equal(1, await server.Database.CountAsync("identity.administration WHERE action = 'track.uploaded' AND subject = $1 AND by = 'admin'", vehicle.ToString()));
    }

    [Fact]
    public async Task A_gpx_file_is_taken_from_the_vehicles_own_department_and_from_administrators_alone()
    {
        Guid own = await NewVehicleAsync("city");
        Guid others = await NewVehicleAsync("120");
        Session session = await server.SignInAsync("department");
        Assert.Equal(3, (await UploadAsync(session, own, Gpx(Now.AddMinutes(-5), 3))).Read<GpxReceipt>().Accepted);
        (await UploadAsync(session, others, Gpx(Now.AddMinutes(-5), 3))).MustRefuse(403, "vehicle.not_yours");
        Session desk = await server.DispatcherAsync();
        Assert.Equal(403, (await UploadAsync(desk, own, Gpx(Now.AddMinutes(-5), 3))).Status);
        Assert.Equal(401, (await UploadAsync(server.Anonymous(), own, Gpx(Now.AddMinutes(-5), 3))).Status);
        Assert.Equal(0, await server.Database.CountAsync("tracking.fix WHERE vehicle_id = $1", others));
    }

    [Fact]
    public async Task What_is_no_gpx_file_is_refused_and_nothing_of_it_is_stored()
    {
        Guid vehicle = await NewVehicleAsync("120");
        Session boss = await server.SignInAsync("admin");
        string secret = $"file://{Environment.ProcessPath}";
        (await UploadAsync(boss, vehicle, $"<!DOCTYPE gpx [<!ENTITY x SYSTEM \"{secret}\">]>{Gpx(Now, 1)}")).MustRefuse(400, "gpx.malformed");
        (await UploadAsync(boss, vehicle, "<gpx")).MustRefuse(400, "gpx.malformed");
        (await UploadAsync(boss, vehicle, "{}")).MustRefuse(400, "gpx.malformed");
        (await UploadAsync(boss, vehicle, Gpx(Now, 1).Replace("37.4", "137.4", StringComparison.Ordinal))).MustRefuse(400, "gpx.malformed");
        (await UploadAsync(boss, vehicle, string.Concat(Enumerable.Repeat("<a>", 50)) + string.Concat(Enumerable.Repeat("</a>", 50)))).MustRefuse(400, "gpx.malformed");
        (await UploadAsync(boss, vehicle, Gpx(Now, 0))).MustRefuse(400, "gpx.no_points");
        (await UploadAsync(boss, vehicle, Gpx(Now.AddDays(-40), 3))).MustRefuse(400, "fix.too_old");
        (await UploadAsync(boss, vehicle, Gpx(Now, 1), type: "application/json")).MustRefuse(415, "gpx.wrong_type");
        (await UploadAsync(boss, Guid.NewGuid(), Gpx(Now, 1))).MustRefuse(404, "vehicle.unknown");
        (await UploadAsync(boss, vehicle, Gpx(Now, 1) + new string(' ', GpxDecoder.MostBytes))).MustRefuse(413, "body.too_large");
        Assert.Equal(0, await server.Database.CountAsync("tracking.fix WHERE vehicle_id = $1", vehicle));
    }

    [Theory]
    [InlineData("gpxpy_around-visnjan-with-car.gpx", true)]
    [InlineData("andorra_for_map_matching.gpx", false)]
    public void A_real_file_gives_a_fix_for_each_of_its_timed_points(string file, bool isTimed)
    {
        byte[] bytes = File.ReadAllBytes(SharedData.OrSkip($"data/traces/{file}"));
        (IReadOnlyList<GeoDispatch.Tracking.Fixes.AvlFix>? fixes, int withoutTime, _) = GpxDecoder.Read(bytes);
        string text = Encoding.UTF8.GetString(bytes);
        Assert.Equal(text.Split("<trkpt").Length - 1, fixes!.Count + withoutTime);
        Assert.Equal(isTimed, fixes.Count > 0);
        Assert.All(fixes, static fix => Assert.True(fix.HasPlace));
        TestContext.Current.TestOutputHelper?.WriteLine($"{file}: {fixes.Count} with, {withoutTime} without a time");
    }

    private static string Gpx(DateTimeOffset from, int points, string more = "") =>
        $"""<gpx version="1.1" creator="test" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>{string.Concat(Enumerable.Range(0, points).Select(index => string.Create(CultureInfo.InvariantCulture, $"<trkpt lat=\"37.4\" lon=\"118.6\"><ele>12</ele><time>{from.AddSeconds(index).UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}</time></trkpt>")))}{more}</trkseg></trk></gpx>""";

    private static Task<Answer> UploadAsync(Session session, Guid vehicle, string gpx, bool multipart = false, string type = "application/gpx+xml")
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(gpx)) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        return session.SendAsync(new HttpRequestMessage(HttpMethod.Post, $"/api/vehicles/{vehicle}/gpx")
        {
            Content = multipart ? new MultipartFormDataContent { { content, "file", "track.gpx" } } : content,
        });
    }

    private async Task<Guid> NewVehicleAsync(string department)
    {
        Guid id = Guid.NewGuid();
        await server.Database.ListAsync<Guid>(
            "INSERT INTO tracking.vehicle (id, plate, kind, name, department) VALUES ($1, $2, 'car', 'car', $3) RETURNING id", id, $"鲁E{id.ToString()[..6]}", department);
        return id;
    }
}
