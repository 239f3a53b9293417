using GeoDispatch.Sharing.Features;

namespace GeoDispatch.Sharing.Wms;

/// <summary>Which part of the earth fills a picture of how many pixels.</summary>
/// <param name="Box">x before y, whatever order the version has.</param>
internal sealed record MapFrame(WmsCrs Crs, Box Box, int Width, int Height)
{
    /// <summary>Of width and of height, in pixels.</summary>
    internal const int MostPixels = 4096;

    // Beyond this no coordinate means anything in any system of ours, and sums stay exact enough.
    private const double Farthest = 1e9;

    internal double PixelWidth => (Box.MaxX - Box.MinX) / Width;

    internal double PixelHeight => (Box.MaxY - Box.MinY) / Height;

    /// <summary>Gives the refusal, or null.</summary>
    internal static WmsRefusal? Parse(WmsParameters given, out MapFrame frame)
    {
        frame = new MapFrame(WmsCrs.All[0], default, 1, 1);
        string crsName = given.Version == WmsVersion.V111 ? "srs" : "crs";
        if (given.Find(crsName) is not string name)
        {
            return WmsRefusal.Missing(crsName);
        }

        if (WmsCrs.Find(name) is not WmsCrs crs)
        {
            return WmsRefusal.Of(
                given.Version == WmsVersion.V111 ? "InvalidSRS" : "InvalidCRS", crsName, name,
                $"支持的坐标系 / Supported: {string.Join(", ", WmsCrs.All.Select(static known => known.Name))}");
        }

        WmsRefusal? badWidth = given.ReadCount("width", MostPixels, out int width);
        WmsRefusal? badHeight = given.ReadCount("height", MostPixels, out int height);
        if ((badWidth ?? badHeight) is WmsRefusal badSize)
        {
            return badSize;
        }

        if (given.Find("bbox") is not string bbox)
        {
            return WmsRefusal.Missing("bbox");
        }

        var numbers = new double[4];
        string[] parts = bbox.Split(',');
        bool read = parts.Length == 4;
        for (int i = 0; read && i < 4; i++)
        {
            read = WmsParameters.TryNumber(parts[i], out numbers[i]) && Math.Abs(numbers[i]) <= Farthest;
        }

        Box box = crs.Read(numbers, given.Version);
        if (!read || box.MinX >= box.MaxX || box.MinY >= box.MaxY)
        {
            return WmsRefusal.Invalid(
                "bbox", bbox,
                $"四个数,以逗号分隔,最小值小于最大值,次序 {(crs.YFirst(given.Version) ? "minY,minX,maxY,maxX" : "minX,minY,maxX,maxY")}"
                + " / Four numbers in this order, each minimum below its maximum");
        }

        frame = new MapFrame(crs, box, width, height);
        return null;
    }
}
