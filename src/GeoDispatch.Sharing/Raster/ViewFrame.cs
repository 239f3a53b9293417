using GeoDispatch.Sharing.Features;
using GeoDispatch.Sharing.Tiles;
using GeoDispatch.Spatial;
using ProjNet.CoordinateSystems;
using ProjNet.CoordinateSystems.Transformations;
using SkiaSharp;

namespace GeoDispatch.Sharing.Raster;

/// <summary>Where places of web mercator lie in the picture that a view asks for.</summary>
internal sealed class ViewFrame
{
    private const double Radius = 6378137, HighestLat = 85.0511287798066, Corner = Radius * Math.PI;
    private static readonly Dictionary<int, (MathTransform Forward, MathTransform Back)> GaussKruger =
        Crs.All.Where(static crs => !crs.Degrees && crs.Srid != 3857).ToDictionary(static crs => crs.Srid, static crs => Transforms(crs));

    private readonly Box box;
    private readonly Crs crs;
    private readonly double pixelsX, pixelsY;

    internal ViewFrame(MapView view)
    {
        (box, crs) = (view.Box, view.Crs);
        (Width, Height) = (view.Width, view.Height);
        (pixelsX, pixelsY) = (Width / (box.MaxX - box.MinX), Height / (box.MaxY - box.MinY));
        Mercator = Surround();
        double pixels = Width / view.PixelRatio * (Height / view.PixelRatio);
        double metersPerPixel = Math.Sqrt((Mercator.MaxX - Mercator.MinX) * (Mercator.MaxY - Mercator.MinY) / pixels);
        Zoom = Math.Log2(2 * Corner / 512 / metersPerPixel);
        // A pyramid's zooms come out whole.
        Zoom = Math.Abs(Zoom - Math.Round(Zoom)) < 1e-6 ? Math.Round(Zoom) : Zoom;
    }

    internal int Width { get; }

    internal int Height { get; }

    /// <summary>The box in web mercator that holds the picture.</summary>
    internal MercatorBox Mercator { get; }

    /// <summary>The zoom of MapLibre at which as much is seen; not whole in general.</summary>
    internal double Zoom { get; }

    /// <summary>True where web mercator comes into the picture by a shift and two factors.</summary>
    internal bool IsStraight => crs.Srid == 3857;

    internal (double X, double Y) ToPixel(double mercatorX, double mercatorY)
    {
        (double x, double y) = (mercatorX, mercatorY);
        if (!IsStraight)
        {
            (x, y) = (mercatorX / Corner * 180, Math.Atan(Math.Sinh(mercatorY / Radius)) * 180 / Math.PI);
            if (!crs.Degrees)
            {
                (x, y) = GaussKruger[crs.Srid].Forward.Transform(x, y);
            }
        }

        return ((x - box.MinX) * pixelsX, (box.MaxY - y) * pixelsY);
    }

    /// <summary>The tiles of a zoom that show something of the picture, of those that <paramref name="extent"/> touches.</summary>
    internal TileRange? Tiles(int zoom, Bbox? extent)
    {
        TileRange limits = TileGrid.Mercator.Limits(extent, zoom);
        double side = TileGrid.Mercator.Side(zoom);
        // What only touches an edge is not seen.
        double nothing = side * 1e-9;
        double west = Math.Floor((Mercator.MinX + nothing + Corner) / side), east = Math.Floor((Mercator.MaxX - nothing + Corner) / side);
        double north = Math.Floor((Corner - Mercator.MaxY + nothing) / side), south = Math.Floor((Corner - Mercator.MinY - nothing) / side);
        return east < limits.West || west > limits.East || south < limits.North || north > limits.South
            ? null
            : new TileRange(zoom, Math.Max((int)west, limits.West), Math.Min((int)east, limits.East), Math.Max((int)north, limits.North), Math.Min((int)south, limits.South));
    }

    private MercatorBox Surround()
    {
        if (IsStraight)
        {
            return new MercatorBox(box.MinX, box.MinY, box.MaxX, box.MaxY);
        }

        // Lines of one system bend in the other: the edges are followed.
        const int Steps = 16;
        (double minX, double minY, double maxX, double maxY) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        for (int i = 0; i <= Steps; i++)
        {
            double alongX = box.MinX + ((box.MaxX - box.MinX) * i / Steps), alongY = box.MinY + ((box.MaxY - box.MinY) * i / Steps);
            foreach ((double x, double y) in new[] { (alongX, box.MinY), (alongX, box.MaxY), (box.MinX, alongY), (box.MaxX, alongY) })
            {
                (double lon, double lat) = crs.Degrees ? (x, y) : GaussKruger[crs.Srid].Back.Transform(x, y);
                double mercatorX = lon / 180 * Corner;
                double mercatorY = Radius * Math.Atanh(Math.Sin(Math.Clamp(lat, -HighestLat, HighestLat) * Math.PI / 180));
                (minX, minY, maxX, maxY) = (Math.Min(minX, mercatorX), Math.Min(minY, mercatorY), Math.Max(maxX, mercatorX), Math.Max(maxY, mercatorY));
            }
        }

        return new MercatorBox(minX, minY, maxX, maxY);
    }

    // CGCS2000 in degrees is taken for WGS 84, as everywhere here.
    private static (MathTransform Forward, MathTransform Back) Transforms(Crs crs)
    {
        double meridian = crs.Srid is 4527 or 4548 ? 117 : 120;
        double falseEasting = (crs.Domain.MinX + crs.Domain.MaxX) / 2;
        var factory = new CoordinateSystemFactory();
        IProjection projection = factory.CreateProjection("Gauss-Kruger", "Transverse_Mercator",
        [
            new ProjectionParameter("latitude_of_origin", 0), new ProjectionParameter("central_meridian", meridian), new ProjectionParameter("scale_factor", 1),
            new ProjectionParameter("false_easting", falseEasting), new ProjectionParameter("false_northing", 0),
        ]);
        ProjectedCoordinateSystem plane = factory.CreateProjectedCoordinateSystem(
            crs.Uri, GeographicCoordinateSystem.WGS84, projection, LinearUnit.Metre, new AxisInfo("East", AxisOrientationEnum.East), new AxisInfo("North", AxisOrientationEnum.North));
        MathTransform forward = new CoordinateTransformationFactory().CreateFromCoordinateSystems(GeographicCoordinateSystem.WGS84, plane).MathTransform;
        return (forward, forward.Inverse());
    }
}

/// <summary>Where the units of one tile lie in the picture: by a shift and two factors, or between the knots of a grid where lines bend.</summary>
internal sealed class TilePlacement
{
    private const int Cells = 16;
    private readonly SKPoint[]? knots;
    private readonly float factorX, factorY, shiftX, shiftY;

    internal TilePlacement(ViewFrame frame, TileId tile, int extent)
    {
        Extent = extent;
        (double minX, double minY, double maxX, double maxY) = TileGrid.Mercator.EnvelopeOf(tile);
        if (frame.IsStraight)
        {
            ((double left, double top), (double right, double bottom)) = (frame.ToPixel(minX, maxY), frame.ToPixel(maxX, minY));
            (factorX, factorY, shiftX, shiftY) = ((float)((right - left) / extent), (float)((bottom - top) / extent), (float)left, (float)top);
            Edge = [new SKPoint((float)left, (float)top), new SKPoint((float)right, (float)top), new SKPoint((float)right, (float)bottom), new SKPoint((float)left, (float)bottom)];
            return;
        }

        knots = new SKPoint[(Cells + 1) * (Cells + 1)];
        for (int row = 0; row <= Cells; row++)
        {
            for (int column = 0; column <= Cells; column++)
            {
                (double x, double y) = frame.ToPixel(minX + ((maxX - minX) * column / Cells), maxY - ((maxY - minY) * row / Cells));
                knots[(row * (Cells + 1)) + column] = new SKPoint((float)x, (float)y);
            }
        }

        Edge =
        [
            .. Enumerable.Range(0, Cells).Select(i => Knot(i, 0)), .. Enumerable.Range(0, Cells).Select(i => Knot(Cells, i)),
            .. Enumerable.Range(0, Cells).Select(i => Knot(Cells - i, Cells)), .. Enumerable.Range(0, Cells).Select(i => Knot(0, Cells - i)),
        ];
    }

    internal int Extent { get; }

    /// <summary>The tile's own edge in the picture; what it knows beyond belongs to its neighbours.</summary>
    internal IReadOnlyList<SKPoint> Edge { get; }

    internal bool IsStraight => knots is null;

    internal bool Owns(SKPoint units) => units.X >= 0 && units.Y >= 0 && units.X < Extent && units.Y < Extent;

    internal void Place(Span<SKPoint> points)
    {
        if (knots is null)
        {
            foreach (ref SKPoint point in points)
            {
                point = new SKPoint((point.X * factorX) + shiftX, (point.Y * factorY) + shiftY);
            }

            return;
        }

        float scale = (float)Cells / Extent;
        foreach (ref SKPoint point in points)
        {
            (float x, float y) = (point.X * scale, point.Y * scale);
            // Beyond its edge a tile is continued as its outermost cells go.
            (int column, int row) = (Math.Clamp((int)x, 0, Cells - 1), Math.Clamp((int)y, 0, Cells - 1));
            (x, y) = (x - column, y - row);
            (SKPoint a, SKPoint b, SKPoint c, SKPoint d) = (Knot(column, row), Knot(column + 1, row), Knot(column, row + 1), Knot(column + 1, row + 1));
            point = new SKPoint(
                ((1 - y) * (a.X + (x * (b.X - a.X)))) + (y * (c.X + (x * (d.X - c.X)))),
                ((1 - y) * (a.Y + (x * (b.Y - a.Y)))) + (y * (c.Y + (x * (d.Y - c.Y)))));
        }
    }

    private SKPoint Knot(int column, int row) => knots![(row * (Cells + 1)) + column];
}
