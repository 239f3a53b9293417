using System.Globalization;
using System.Text;

namespace GeoDispatch.Cli.Simulate;

/// <summary>
/// What the server acknowledged, one line each, written after the acknowledgement came: <c>fix deviceId time</c> and
/// <c>command commandId</c>. Whatever stands here must be in the database, however the server ended.
/// </summary>
internal sealed class SimulateJournal(string path) : IDisposable
{
    private readonly StreamWriter lines = new(
        new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite), new UTF8Encoding(false));
    private readonly Lock turn = new();
    private bool closed;

    internal void Fixes(Guid deviceId, IEnumerable<DateTimeOffset> times) =>
        Write(times.Select(time => $"fix {deviceId:D} {time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)}"));

    internal void Command(Guid commandId) => Write([$"command {commandId:D}"]);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (turn)
        {
            closed = true;
            lines.Dispose();
        }
    }

    private void Write(IEnumerable<string> entries)
    {
        lock (turn)
        {
            if (closed)
            {
                return;
            }

            foreach (string entry in entries)
            {
                lines.WriteLine(entry);
            }

            lines.Flush();
        }
    }
}
