using System.Text;
using GeoDispatch.City.Import;
using GeoDispatch.Spatial;

namespace GeoDispatch.City.Tests.Import;

public sealed class CsvTableTests : IDisposable
{
    private static readonly CityProfile Shanghai = new("上海", "Shanghai", false, 121.4, 31.1, 121.6, 31.4, "Asia/Shanghai", []);
    private readonly string path = Path.GetTempFileName();

    [Theory]
    [InlineData("utf-8")]
    [InlineData("GB18030")]
    public void Chinese_is_read_from_either_encoding(string encoding)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        File.WriteAllBytes(path, Encoding.GetEncoding(encoding).GetBytes("Name,Lon,Lat\r\n\"黄浦急救站, 东\",121.49,31.23\r\n"));

        CsvRow row = Assert.Single(CsvTable.Read(path, "name", "lon", "lat"));

        Assert.Equal(("黄浦急救站, 东", 2), (row["name"], row.Line));
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_first_column()
    {
        File.WriteAllText(path, "name,lon,lat\n站,121.49,31.23\n", new UTF8Encoding(true));

        Assert.Equal("站", CsvTable.Read(path, "name")[0]["name"]);
    }

    [Theory]
    [InlineData("", "为空")]
    [InlineData("name,lon\n站,121\n", "lat")]
    public void A_file_that_is_no_such_table_is_refused(string text, string says)
    {
        File.WriteAllText(path, text);

        Assert.Contains(says, Assert.Throws<ImportRefusedException>(() => CsvTable.Read(path, "name", "lon", "lat")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("121.49", "31.23", null)]
    [InlineData("31.23", "121.49", "lon")]
    [InlineData("121.49", "", "lat")]
    [InlineData("121,49", "31.23", "lon")]
    [InlineData("118.6", "37.4", "lon")]
    public void A_place_must_lie_in_the_city(string lon, string lat, string? column)
    {
        var row = new CsvRow(2, new Dictionary<string, string> { ["lon"] = lon, ["lat"] = lat });

        Assert.Equal(column, row.Place(Shanghai, out LonLat _)?.Column);
    }

    public void Dispose() => File.Delete(path);
}
