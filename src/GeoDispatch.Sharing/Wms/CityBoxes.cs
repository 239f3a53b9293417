using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Features;
using GeoDispatch.Sharing.Tiles;
using GeoDispatch.Spatial;
using Npgsql;

namespace GeoDispatch.Sharing.Wms;

/// <summary>The boxes that the city fills in every system, x before y. A system that does not reach so far has none.</summary>
internal sealed record CityBoxes(Bbox Degrees, IReadOnlyDictionary<int, Box> BySrid)
{
    // A projection of one meridian is asked only near it: far away PROJ refuses, or gives numbers that mean nothing.
    private const string Sql =
        """
        SELECT srid, ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)
        FROM (
            SELECT s.srid, ST_Transform(ST_Segmentize(ST_MakeEnvelope($1, $2, $3, $4, 4326), 0.1), s.srid) AS box
            FROM spatial_ref_sys s
            CROSS JOIN LATERAL substring(s.proj4text FROM '\+proj=tmerc.*\+lon_0=([0-9.-]+)') AS meridian
            WHERE s.srid = ANY ($5) AND (meridian IS NULL OR greatest(abs($1 - meridian::float8), abs($3 - meridian::float8)) < 6)
        ) boxes
        """;

    internal static async Task<CityBoxes?> FindAsync(Databases databases, ReadableLayers readable, CancellationToken cancellation)
    {
        if (readable.Extent is not Bbox extent)
        {
            return null;
        }

        await using NpgsqlCommand command = databases.Sharing.CreateCommand(Sql);
        foreach (double edge in new[] { extent.West, extent.South, extent.East, extent.North })
        {
            command.Parameters.Add(new NpgsqlParameter { Value = edge });
        }

        command.Parameters.Add(new NpgsqlParameter { Value = WmsCrs.All.Select(static crs => crs.Crs.Srid).Distinct().ToArray() });
        var boxes = new Dictionary<int, Box>();
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            boxes[row.GetInt32(0)] = new Box(row.GetDouble(1), row.GetDouble(2), row.GetDouble(3), row.GetDouble(4));
        }

        return new CityBoxes(extent, boxes);
    }
}
