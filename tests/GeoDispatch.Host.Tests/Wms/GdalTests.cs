using System.Globalization;
using System.Text.RegularExpressions;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Testing;
using SkiaSharp;

namespace GeoDispatch.Host.Tests.Wms;

/// <summary>GDAL as a client: whatever the version and the order of axes, the same water lies at the same place.</summary>
[Collection("wms")]
public sealed partial class GdalTests(RunningServer server)
{
    private static readonly SKColor Water = MapService.Colour("day", "water");

    [Theory]
    [InlineData("1.1.1", "EPSG:4326", "xyXY")]
    [InlineData("1.1.1", "EPSG:3857", "xyXY")]
    [InlineData("1.1.1", "EPSG:4549", "xyXY")]
    [InlineData("1.3.0", "EPSG:4326", "yxYX")]
    [InlineData("1.3.0", "CRS:84", "xyXY")]
    [InlineData("1.3.0", "EPSG:3857", "xyXY")]
    [InlineData("1.3.0", "EPSG:4549", "yxYX")]
    [Requirement("wms", "clients", "axis-order")]
    public async Task Through_a_description_of_the_service(string version, string system, string order)
    {
        (double x, double y) = await server.WaterAsync(system);
        double unit = system is "CRS:84" or "EPSG:4326" ? 1 / 111_000.0 : 1;
        string Number(double value) => value.ToString("0.##########", CultureInfo.InvariantCulture);
        string xml =
            $"""
            <GDAL_WMS>
              <Service name="WMS">
                <Version>{version}</Version><ServerUrl>{server.Address}wms?</ServerUrl>
                <{(version == "1.1.1" ? "SRS" : "CRS")}>{system}</{(version == "1.1.1" ? "SRS" : "CRS")}>
                <ImageFormat>image/png</ImageFormat><Layers>city</Layers><Styles></Styles><BBoxOrder>{order}</BBoxOrder>
              </Service>
              <DataWindow>
                <UpperLeftX>{Number(x - (100.5 * unit))}</UpperLeftX><UpperLeftY>{Number(y + (150.5 * unit))}</UpperLeftY>
                <LowerRightX>{Number(x + (299.5 * unit))}</LowerRightX><LowerRightY>{Number(y - (49.5 * unit))}</LowerRightY>
                <SizeX>400</SizeX><SizeY>200</SizeY>
              </DataWindow>
              <BandsCount>3</BandsCount><BlockSizeX>256</BlockSizeX><BlockSizeY>256</BlockSizeY>
            </GDAL_WMS>
            """;
        byte[] bands = [.. (await RunAsync("gdallocationinfo", "-valonly", xml, "100", "150"))
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(static band => byte.Parse(band, CultureInfo.InvariantCulture))];
        Assert.Equal(Water, new SKColor(bands[0], bands[1], bands[2]));
    }

    [Theory]
    [InlineData("1.1.1")]
    [InlineData("1.3.0")]
    [Requirement("wms", "clients")]
    public async Task Through_the_capabilities(string version)
    {
        string listed = await RunAsync("gdalinfo", $"WMS:{server.Address}wms?SERVICE=WMS&VERSION={version}&REQUEST=GetCapabilities");
        string dataset = Subdataset().Matches(listed).Select(static found => found.Groups["name"].Value)
            .Single(static name => name.Contains("LAYERS=city&", StringComparison.Ordinal));
        Assert.Contains($"VERSION={version}", dataset, StringComparison.Ordinal);
        (double x, double y) = await server.WaterAsync("EPSG:4326");
        string file = Path.Combine(Directory.CreateTempSubdirectory("geodispatch-wms").FullName, "map.png");
        try
        {
            string[] window = [.. new[] { x - 0.001, y + 0.0005, x + 0.003, y - 0.0015 }.Select(static edge => edge.ToString(CultureInfo.InvariantCulture))];
            await RunAsync("gdal_translate", ["-q", "-of", "PNG", "-projwin", .. window, "-outsize", "400", "200", dataset, file]);
            using SKBitmap map = SKBitmap.Decode(file);
            // GDAL asks for JPEG, which keeps colours nearly.
            SKColor found = map.GetPixel(100, 50);
            Assert.True(
                Math.Abs(found.Red - Water.Red) < 8 && Math.Abs(found.Green - Water.Green) < 8 && Math.Abs(found.Blue - Water.Blue) < 8, $"{found}");
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }

    [GeneratedRegex("""SUBDATASET_\d+_NAME=(?<name>.*)""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Subdataset();

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        await PostgresTools.FindOrInstallAsync(Packages.PostGis | Packages.Oracles, mayInstall: true, static _ => { }, TestContext.Current.CancellationToken);
        string said = await Shell.MustRunAsync(program, arguments, cancellation: TestContext.Current.CancellationToken);
        // GDAL goes on after an error of the service, and says so.
        Assert.DoesNotContain("ERROR", said, StringComparison.Ordinal);
        return said;
    }
}
