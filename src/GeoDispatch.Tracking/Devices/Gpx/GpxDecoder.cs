using System.Xml;
using GeoDispatch.Postgres;
using GeoDispatch.Tracking.Fixes;
using NetTopologySuite.IO;

namespace GeoDispatch.Tracking.Devices.Gpx;

/// <summary>
/// Reads the track points of a GPX 1.1 file; waypoints and planned routes are no places where a vehicle was. Pure. No DTD, no entities, nothing
/// outside the file.
/// </summary>
internal static class GpxDecoder
{
    /// <summary>Of a file.</summary>
    internal const int MostBytes = 16 << 20;

    /// <summary>A day at one a second is 86,400.</summary>
    internal const int MostPoints = 100_000;

    private const int DeepestElement = 32;

    /// <summary>The points that have a time, in the order of the file, and how many have none; or <c>gpx.malformed</c>, <c>gpx.too_many_points</c>.</summary>
    internal static (IReadOnlyList<AvlFix>? Fixes, int WithoutTime, Problem? Problem) Read(byte[] file)
    {
        try
        {
            if (CheckShape(file) is { } problem)
            {
                return (null, 0, problem);
            }

            using XmlReader reader = Open(file);
            GpxFile gpx = GpxFile.ReadFrom(reader, new GpxReaderSettings
            {
                DefaultCreatorIfMissing = "?",
                IgnoreUnexpectedChildrenOfTopLevelElement = true,
                IgnoreBadDateTime = true,
            });
            var fixes = new List<AvlFix>();
            int withoutTime = 0;
            foreach (GpxWaypoint point in gpx.Tracks.SelectMany(static track => track.Segments).SelectMany(static segment => segment.Waypoints))
            {
                if (point.TimestampUtc is { } time)
                {
                    fixes.Add(new AvlFix(
                        new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)), point.Longitude, point.Latitude,
                        AltitudeMeters: point.ElevationInMeters is >= -1_000 and <= 20_000 ? point.ElevationInMeters : null));
                }
                else
                {
                    withoutTime++;
                }
            }

            return (fixes, withoutTime, null);
        }
        catch (Exception wrong) when (wrong is XmlException or ArgumentException or FormatException or OverflowException or InvalidOperationException)
        {
            return (null, 0, Malformed(wrong.Message));
        }
    }

    /// <summary>Once over it before anything is built of it.</summary>
    private static Problem? CheckShape(byte[] file)
    {
        using XmlReader reader = Open(file);
        int points = 0;
        while (reader.Read())
        {
            if (reader.Depth > DeepestElement)
            {
                return Malformed($"深度超过 {DeepestElement} / deeper than {DeepestElement}");
            }

            points += reader is { NodeType: XmlNodeType.Element, LocalName: "trkpt" or "rtept" or "wpt" } ? 1 : 0;
            if (points > MostPoints)
            {
                return new Problem(
                    400, "gpx.too_many_points", "轨迹点过多 / Too many points", $"最多 {MostPoints} 个,请分开上传 / at most {MostPoints}; upload it in pieces");
            }
        }

        return null;
    }

    private static XmlReader Open(byte[] file) => XmlReader.Create(new MemoryStream(file), new XmlReaderSettings
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MostBytes,
        MaxCharactersFromEntities = 0,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    });

    private static Problem Malformed(string what) =>
        new(400, "gpx.malformed", "不是有效的 GPX 文件 / Not a GPX file", $"GPX 1.1: {what}", "file");
}
