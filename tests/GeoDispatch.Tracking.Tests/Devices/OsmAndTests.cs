using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Xunit;
using GeoDispatch.Postgres;
using GeoDispatch.Tracking.Devices.OsmAnd;
using GeoDispatch.Tracking.Fixes;

namespace GeoDispatch.Tracking.Tests.Devices;

/// <summary>Requests as Traccar's clients send them (captured in the tests of Traccar's OsmAndProtocolDecoder), and what none of them sends.</summary>
public sealed class OsmAndTests
{
    [Theory]
    [InlineData("?id=902064&lat=42.06288&lon=-88.23412&timestamp=1442068686579&hdop=6.0&altitude=224.0&speed=0.0", "902064", "2015-09-12T14:38:06.579Z", 42.06288, -88.23412, 0.0, null, 224.0)]
    [InlineData("?id=902064&lat=42.06288&lon=-88.23412&timestamp=2016-01-27T18%3A55%3A47Z&hdop=6.0&altitude=224.0&speed=0.0", "902064", "2016-01-27T18:55:47Z", 42.06288, -88.23412, 0.0, null, 224.0)]
    [InlineData("?lat=49.60688&lon=6.15788&timestamp=2014-06-04+09%3A10%3A11&altitude=384.7&speed=0.0&id=353861053849681", "353861053849681", "2014-06-04T09:10:11Z", 49.60688, 6.15788, 0.0, null, 384.7)]
    [InlineData("?id=123456&timestamp=1377177267&location=60.0,30.0", "123456", "2013-08-22T13:14:27Z", 60.0, 30.0, null, null, null)]
    [InlineData("?id=123456789012345&timestamp=1504763810&lat=40.7232948571&lon=-74.0061408571&bearing=7.19889788244&speed=40&ignition=true&rpm=933&fuel=24", "123456789012345", "2017-09-07T05:56:50Z", 40.7232948571, -74.0061408571, 74.08, 7.19889788244, null)]
    [InlineData("?deviceid=7&lat=60.0&lon=30.0&timestamp=2026-11-24T14:30:05%2B08:00&speed=-1&heading=361", "7", "2026-11-24T06:30:05Z", 60.0, 30.0, null, null, null)]
    public void Parameters_are_read_with_speed_in_knots(
        string query, string terminal, string time, double lat, double lon, double? speed, double? heading, double? altitude)
    {
        OsmAndReport report = Reads(query);
        Assert.Equal(terminal, report.Terminal);
        Assert.Equal(
            new AvlFix(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture), lon, lat, speed, heading, AltitudeMeters: altitude, Ignition: query.Contains("ignition", StringComparison.Ordinal) ? true : null),
            Assert.Single(report.Fixes));
    }

    [Fact]
    public void The_json_of_newer_clients_has_metres_a_second_and_minus_one_for_unknown()
    {
        OsmAndReport report = Reads("", """
            {"location":{"event":"motionchange","is_moving":false,"uuid":"0e9a2473-a9a7-4c00-997b-fb97d2154e75","timestamp":"2021-07-21T08:06:34.444Z","odometer":0,"coords":{"latitude":-6.1148096,"longitude":106.6837015,"accuracy":3.8,"speed":18.67,"speed_accuracy":0.26,"heading":63,"heading_accuracy":0.28,"altitude":35.7,"altitude_accuracy":3.8},"activity":{"type":"still","confidence":100},"battery":{"is_charging":false,"level":0.79},"extras":{}},"device_id":"8737767034"}
            """);
        AvlFix fix = Assert.Single(report.Fixes);
        Assert.Equal("8737767034", report.Terminal);
        Assert.Equal((106.6837015, -6.1148096, 67.212, 63.0, 3.8, 35.7), (fix.Lon, fix.Lat, Math.Round(fix.SpeedKmh!.Value, 6), fix.HeadingDegrees!.Value, fix.AccuracyMeters!.Value, fix.AltitudeMeters!.Value));
        Assert.Equal(new DateTimeOffset(2021, 7, 21, 8, 6, 34, 444, TimeSpan.Zero), fix.Time);

        AvlFix unknown = Assert.Single(Reads("", """
            {"location":{"extras":{},"mock":true,"coords":{"speed_accuracy":-1,"speed":-1,"longitude":-122.406417,"ellipsoidal_altitude":0,"floor":null,"heading_accuracy":-1,"latitude":37.785834000000001,"accuracy":5,"altitude_accuracy":-1,"altitude":0,"heading":-1},"is_moving":false,"age":188,"odometer":0,"uuid":"2FB04C65-99CF-42AB-8DD3-EBCB4B108BF8","event":"motionchange","battery":{"level":-1,"is_charging":false},"activity":{"type":"unknown","confidence":100},"timestamp":"2025-05-09T04:11:30.579Z"},"device_id":"658765"}
            """).Fixes);
        Assert.Equal(((double?)null, (double?)null), (unknown.SpeedKmh, unknown.HeadingDegrees));
    }

    [Theory]
    [InlineData("?id=7&key=ABC", "7", "ABC")]
    [InlineData("?id=7.0123456789ABCDEF0123", "7", "0123456789ABCDEF0123")]
    [InlineData("?id=truck.5", "truck.5", null)]
    [InlineData("?id=7.0123456789ABCDEF012", "7.0123456789ABCDEF012", null)]
    [InlineData("?id=.0123456789ABCDEF0123", ".0123456789ABCDEF0123", null)]
    public void The_key_stands_beside_the_number_or_behind_it(string query, string terminal, string? key)
    {
        OsmAndReport report = Reads($"{query}&lat=37&lon=118&timestamp=1764000000");
        Assert.Equal((terminal, key), (report.Terminal, report.Key));
        OsmAndReport json = Reads(query.Replace("id=", "x=", StringComparison.Ordinal), $$$"""
            {"device_id":"{{{query[4..].Split('&')[0]}}}","location":[{"timestamp":"2025-11-24T16:00:00Z","coords":{"latitude":37,"longitude":118}}]}
            """);
        Assert.Equal((terminal, key, report.Fixes[0]), (json.Terminal, json.Key, json.Fixes[0]));
    }

    [Fact]
    public void A_form_is_read_like_the_url_and_a_call_for_help_is_an_alarm()
    {
        OsmAndReport report = Reads("", "id=7&lat=37.4&lon=118.6&timestamp=1764000000&alarm=sos&valid=false");
        Assert.Equal((1L, false), (report.Fixes[0].Alarms, report.Fixes[0].IsFixed));
    }

    [Theory]
    [InlineData("?lat=60.0&lon=30.0&timestamp=1377177267", "", "id")]
    [InlineData("?id=1&lat=60.0&lon=30.0", "", "timestamp")]
    [InlineData("?id=1&lat=60.0&lon=30.0&timestamp=99999999999999999", "", "timestamp")]
    [InlineData("?id=1&lat=60.0&lon=30.0&timestamp=99999999999999999999", "", "timestamp")]
    [InlineData("?id=1&lat=91&lon=30.0&timestamp=1377177267", "", "lat")]
    [InlineData("?id=1&lat=NaN&lon=30.0&timestamp=1377177267", "", "lat")]
    [InlineData("?id=1&lat=60&lon=&timestamp=1377177267", "", "lon")]
    [InlineData("?id=1&location=60&timestamp=1377177267", "", "lat")]
    [InlineData("?id=1&lat=60&lon=30&timestamp=1377177267&speed=fast", "", "speed")]
    [InlineData("", "{", "")]
    [InlineData("", """{"location":{}}""", "device_id")]
    [InlineData("", """{"device_id":"\ud800","location":{}}""", "")]
    [InlineData("", """{"device_id":"1","location":[]}""", "location")]
    [InlineData("", """{"device_id":"1","location":{"coords":{"latitude":"37","longitude":118}}}""", "location.coords.latitude")]
    [InlineData("", """{"device_id":"1","location":{"coords":{"latitude":37,"longitude":1e999}}}""", "location.coords.longitude")]
    [InlineData("", """{"device_id":"1","location":{"coords":{"latitude":37,"longitude":118},"timestamp":"now"}}""", "location.timestamp")]
    [InlineData("", """{"device_id":"1","location":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}}}""", "")]
    public void What_is_no_report_is_refused_by_its_field(string query, string body, string field)
    {
        (OsmAndReport? report, Problem? problem) = OsmAndDecoder.Read(query, Encoding.UTF8.GetBytes(body));
        Assert.Null(report);
        Assert.Equal(("osmand.bad_field", field), (problem!.Code, problem.Field));
    }

    [Property(MaxTest = 500)]
    public void Any_fix_comes_out_of_a_query_as_it_went_in(int lat, int lon, uint time, byte speed, ushort heading)
    {
        (double latitude, double longitude) = (Math.Round(lat / (double)int.MaxValue * 90, 7), Math.Round(lon / (double)int.MaxValue * 180, 7));
        string query = string.Create(CultureInfo.InvariantCulture, $"?id=1&lat={latitude:R}&lon={longitude:R}&timestamp={time}&speed={speed / 1.852:R}&bearing={heading % 361}");
        AvlFix fix = Assert.Single(Reads(query).Fixes);
        Assert.Equal((latitude, longitude, DateTimeOffset.FromUnixTimeSeconds(time), (double)(heading % 361)), (fix.Lat, fix.Lon, fix.Time, fix.HeadingDegrees!.Value));
        Assert.Equal(speed, fix.SpeedKmh!.Value, 9);
    }

    private static OsmAndReport Reads(string query, string body = "")
    {
        (OsmAndReport? report, Problem? problem) = OsmAndDecoder.Read(query, Encoding.UTF8.GetBytes(body));
        Assert.Null(problem);
        return report!;
    }
}

/// <summary>Whatever comes in, nothing is raised and something is read.</summary>
public sealed class NoiseTests
{
    [Theory]
    [InlineData("nmea")]
    [InlineData("osmand")]
    [InlineData("mqtt")]
    [InlineData("gpx")]
    public void A_million_bytes_of_anything_raise_nothing(string protocol)
    {
        ProtocolNoise.Result result = protocol switch
        {
            "nmea" => ProtocolNoise.Nmea(5018, 1_000_000),
            "osmand" => ProtocolNoise.OsmAnd(5018, 1_000_000),
            "mqtt" => ProtocolNoise.Mqtt(5018, 1_000_000),
            _ => ProtocolNoise.Gpx(5018, 1_000_000),
        };
        TestContext.Current.TestOutputHelper?.WriteLine(result.ToString());
        Assert.True(result.Read > 100, result.ToString());
        Assert.InRange(result.MostHeldBytes, 0, NmeaStreamBytes);
    }

    private const int NmeaStreamBytes = GeoDispatch.Tracking.Devices.Nmea.NmeaStream.MostLine + 1;
}
