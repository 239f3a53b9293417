using System.Globalization;
using GeoDispatch.Postgres;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>
/// Follows <c>share.tile_changes</c> and drops what they touch. A notice says only that there is something to read; after a loss of the
/// connection, or a time when the server was down, everything since the last position is read.
/// </summary>
internal sealed class TileChanges(PgListener listener, Databases databases, TileCache cache) : BackgroundService
{
    private const string TilesChanged = "tiles_changed";
    private HashSet<long> handled = [];
    private TilePosition? position;
    private bool opened;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (string _ in listener.Listen(TilesChanged, stoppingToken))
            {
                while (!await TryReadAsync(stoppingToken))
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(200), stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server is stopping.
        }
    }

    private async Task<bool> TryReadAsync(CancellationToken cancellation)
    {
        try
        {
            await ReadAsync(cancellation);
            return true;
        }
        catch (NpgsqlException)
        {
            // The database is away: what is kept is served, and read about again until it answers.
            return false;
        }
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        if (!opened)
        {
            cache.Open();
            position = cache.Disk?.ReadPosition();
            opened = true;
        }

        await using NpgsqlCommand command = databases.Sharing.CreateCommand(SelectChanges);
        command.Parameters.Add(new NpgsqlParameter { Value = (position?.Oldest ?? ulong.MaxValue).ToString(CultureInfo.InvariantCulture) });
        TilePosition? here = null;
        long? lowest = null;
        bool everything = false;
        HashSet<long> seen = [];
        List<MercatorBox> boxes = [];
        await using (NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                here = new TilePosition(row.GetString(1), ulong.Parse(row.GetString(0), CultureInfo.InvariantCulture), row.GetInt64(2));
                lowest = row.IsDBNull(3) ? null : row.GetInt64(3);
                if (row.IsDBNull(4) || !seen.Add(row.GetInt64(4)) || handled.Contains(row.GetInt64(4)))
                {
                    continue;
                }

                if (row.IsDBNull(5))
                {
                    everything = true;
                }
                else
                {
                    boxes.Add(new MercatorBox(row.GetDouble(5), row.GetDouble(6), row.GetDouble(7), row.GetDouble(8)));
                }
            }
        }

        // Another database, other views, an older state of it, or changes that are no longer listed.
        if (everything || position is null || position.Identity != here!.Identity || position.Oldest > here.Oldest || lowest > position.LastId + 1)
        {
            cache.DropAll();
        }
        else
        {
            cache.Drop(boxes);
        }

        (handled, position) = (seen, here);
        cache.Disk?.WritePosition(here!);
        cache.Follow();
    }

    // One statement, so that the position and the changes are of one moment. The identity is of the cluster, its history, the database
    // and the shared views as they are defined.
    private const string SelectChanges =
        """
        WITH here AS (
            SELECT pg_snapshot_xmin(pg_current_snapshot()) AS oldest,
                   md5(concat_ws('|', (SELECT system_identifier FROM pg_control_system()), (SELECT timeline_id FROM pg_control_checkpoint()),
                       (SELECT oid FROM pg_database WHERE datname = current_database()),
                       (SELECT string_agg(pg_get_viewdef(oid), '|' ORDER BY relname) FROM pg_class WHERE relnamespace = 'share'::regnamespace AND relkind = 'v'))) AS identity,
                   (SELECT coalesce(max(id), 0) FROM share.tile_changes) AS last,
                   (SELECT min(id) FROM share.tile_changes) AS first
        )
        SELECT oldest::text, identity, last, first, changes.id, min_x, min_y, max_x, max_y
        FROM here LEFT JOIN share.tile_changes changes ON changes.xact >= $1::text::xid8
        """;
}
