using System.Buffers;
using System.IO.Pipelines;

namespace GeoDispatch.Sharing.Load;

/// <summary>An answer grew beyond what one may have.</summary>
internal sealed class AnswerTooLongException() : Exception("The answer is too long.");

/// <summary>
/// An answer that is made before it is sent: the first megabyte in memory, the rest in a file that goes with it. It is only written, and
/// then sent on once.
/// </summary>
/// <remarks>
/// ASP.NET Core's <c>FileBufferingWriteStream</c> does the same by pages of 1 KB, each of which it hands to another thread on its way into
/// the file and again to the client: 35,000 changes of thread a second beside 64 clients, for which dispatch waited (decision 14).
/// </remarks>
/// <param name="most">The longest answer, in bytes.</param>
internal sealed class AnswerSpool(long most) : Stream
{
    internal const int ChunkBytes = 65_536;
    private const int ChunksInMemory = 16;
    private readonly List<byte[]> chunks = [];
    private FileStream? file;
    private long written;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    /// <summary>Bytes written so far.</summary>
    public override long Length => written;

    public override long Position
    {
        get => written;
        set => throw new NotSupportedException("An answer is written from its beginning to its end.");
    }

    public override void Flush()
    {
        // What is written can be sent at any time.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("An answer is sent by SendAsync.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("An answer is written from its beginning to its end.");

    public override void SetLength(long value) => throw new NotSupportedException("An answer is written from its beginning to its end.");

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <exception cref="AnswerTooLongException">It would be longer than an answer may be.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (written + buffer.Length > most)
        {
            throw new AnswerTooLongException();
        }

        while (!buffer.IsEmpty && file is null)
        {
            int inLast = (int)(written % ChunkBytes);
            if (inLast == 0)
            {
                if (chunks.Count == ChunksInMemory)
                {
                    file = Open();
                    break;
                }

                chunks.Add(ArrayPool<byte>.Shared.Rent(ChunkBytes));
            }

            int fits = Math.Min(buffer.Length, ChunkBytes - inLast);
            buffer[..fits].CopyTo(chunks[^1].AsSpan(inLast));
            buffer = buffer[fits..];
            written += fits;
        }

        file?.Write(buffer);
        written += buffer.Length;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc cref="Write(ReadOnlySpan{byte})"/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // To memory or to what the system keeps of a file in memory: there is nothing to wait for.
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <summary>Sends all that was written, as fast as the client takes it.</summary>
    internal async Task SendAsync(PipeWriter body, CancellationToken cancellation)
    {
        long left = written;
        foreach (byte[] chunk in chunks)
        {
            int size = (int)Math.Min(left, ChunkBytes);
            await body.WriteAsync(chunk.AsMemory(0, size), cancellation);
            left -= size;
        }

        if (file is not null)
        {
            file.Position = 0;
            while (left > 0)
            {
                int read = file.Read(chunks[0].AsSpan(0, ChunkBytes));
                await body.WriteAsync(chunks[0].AsMemory(0, read), cancellation);
                left -= read;
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        chunks.ForEach(static chunk => ArrayPool<byte>.Shared.Return(chunk));
        chunks.Clear();
        file?.Dispose();
        base.Dispose(disposing);
    }

    private static FileStream Open() => new(
        Path.Combine(Path.GetTempPath(), $"geodispatch-answer-{Guid.NewGuid():N}"),
        new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose,
            BufferSize = 0,
            UnixCreateMode = OperatingSystem.IsWindows() ? null : UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
}
