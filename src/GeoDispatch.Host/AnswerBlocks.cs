using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace GeoDispatch.Host;

/// <summary>
/// The memory through which answers go to their connections, in blocks of 32 KB. Kestrel's own are of 4 KB: a tile of 50 KB is a dozen of them,
/// each rented, pinned, told to the socket and given back. An idle connection holds none.
/// </summary>
internal sealed class AnswerBlocks : MemoryPool<byte>
{
    private const int BlockBytes = 32 << 10;

    public override int MaxBufferSize => Shared.MaxBufferSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => Shared.Rent(Math.Max(minBufferSize, BlockBytes));

    /// <summary>What was rented goes back by itself.</summary>
    protected override void Dispose(bool disposing)
    {
    }

    internal sealed class Factory : IMemoryPoolFactory<byte>
    {
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new AnswerBlocks();
    }
}
