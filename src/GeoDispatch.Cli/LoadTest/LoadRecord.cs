using System.Buffers.Binary;
using GeoDispatch.Tracking.Fixes;

namespace GeoDispatch.Cli.LoadTest;

/// <summary>
/// What the server acknowledged, on disk: 12 bytes a fix, the device's number and the time in microseconds since 1970, big-endian. Written
/// after the acknowledgement came, read once at the end.
/// </summary>
internal sealed class LoadRecord : IDisposable
{
    private const int EntryBytes = 12;
    private readonly FileStream file = new(Path.GetTempFileName(), new FileStreamOptions
    {
        Mode = FileMode.Create,
        Access = FileAccess.ReadWrite,
        BufferSize = 1 << 16,
        Options = FileOptions.DeleteOnClose,
    });

    private readonly Lock turn = new();

    internal void Add(int device, IReadOnlyList<(AvlFix Fix, DateTimeOffset Due)> fixes)
    {
        Span<byte> entry = stackalloc byte[EntryBytes];
        lock (turn)
        {
            foreach ((AvlFix fix, _) in fixes)
            {
                BinaryPrimitives.WriteInt32BigEndian(entry, device);
                BinaryPrimitives.WriteInt64BigEndian(entry[4..], (fix.Time.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);
                file.Write(entry);
            }
        }
    }

    /// <summary>All of it; after the last was added.</summary>
    internal IEnumerable<(int Device, DateTime Time)> Read()
    {
        file.Flush();
        file.Position = 0;
        byte[] entry = new byte[EntryBytes];
        while (file.ReadAtLeast(entry, EntryBytes, throwOnEndOfStream: false) == EntryBytes)
        {
            yield return (
                BinaryPrimitives.ReadInt32BigEndian(entry),
                DateTime.UnixEpoch.AddTicks(BinaryPrimitives.ReadInt64BigEndian(entry.AsSpan(4)) * TimeSpan.TicksPerMicrosecond));
        }
    }

    public void Dispose() => file.Dispose();
}
