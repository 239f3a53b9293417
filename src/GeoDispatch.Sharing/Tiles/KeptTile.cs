using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>For how long and for whom an answer may be kept on its way.</summary>
internal enum Kept
{
    /// <summary>Something in it changes by the second.</summary>
    Never,

    /// <summary>It shows what not everybody may see.</summary>
    ForOne,

    /// <summary>By any cache, which asks each time whether it is still true.</summary>
    ForEverybody,
}

/// <summary>A tile as it was read for somebody.</summary>
internal readonly record struct ReadTile(KeptTile Tile, ITileCutter Cutter, Kept Kept);

/// <summary>A tile ready to be sent: as it is, compressed where that makes it smaller, and the name of each form. Empty where nothing lies in it.</summary>
internal sealed class KeptTile
{
    // 8 bytes of mark, hash of the plain tile, hash of the compressed one, length of the plain one; the compressed tile follows.
    private const int HeaderBytes = 28;
    private byte[]? gzip;

    private KeptTile(byte[] bytes, byte[]? gzip, bool packs)
    {
        string hash = XxHash3.HashToUInt64(bytes).ToString("x", CultureInfo.InvariantCulture);
        (Bytes, this.gzip, Packs, ETag, GzipETag) = (bytes, gzip, packs, $"\"{hash}\"", $"\"{hash}-gzip\"");
    }

    internal static KeptTile Empty { get; } = new([], [], false);

    internal byte[] Bytes { get; }

    /// <summary>Whether gzip makes it smaller.</summary>
    internal bool Packs { get; }

    /// <summary>Compressed once, when first wanted: by who reads it, or by the disk, for which nobody waits.</summary>
    internal byte[] Gzip => gzip ??= Compress(Bytes);

    internal string ETag { get; }

    internal string GzipETag { get; }

    private static ReadOnlySpan<byte> Mark => "GDTILE1\n"u8;

    internal bool IsEmpty => Bytes.Length == 0;

    /// <summary>What it takes in memory at most, both forms, with a guess for what surrounds them.</summary>
    internal long Size => Bytes.Length + (Packs ? gzip?.Length ?? Bytes.Length : 0) + 400;

    internal static KeptTile Of(byte[] bytes, bool packs) => bytes.Length == 0 ? Empty : new KeptTile(bytes, null, packs);

    /// <summary>As it stands in a file.</summary>
    internal byte[] ToFile()
    {
        byte[] content = Packs ? Gzip : Bytes, file = new byte[HeaderBytes + content.Length];
        Mark.CopyTo(file);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(8), XxHash3.HashToUInt64(Bytes));
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(16), XxHash3.HashToUInt64(content));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), Bytes.Length);
        content.CopyTo(file.AsSpan(HeaderBytes));
        return file;
    }

    /// <summary>Null where the file is not whole.</summary>
    internal static KeptTile? FromFile(byte[] file, bool packs)
    {
        if (file.Length < HeaderBytes || !file.AsSpan(0, 8).SequenceEqual(Mark)
            || XxHash3.HashToUInt64(file.AsSpan(HeaderBytes)) != BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(16)))
        {
            return null;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(24));
        byte[] gzip = file[HeaderBytes..];
        if (gzip.Length == 0)
        {
            return length == 0 ? Empty : null;
        }

        if (!packs)
        {
            return gzip.Length == length ? new KeptTile(gzip, null, packs: false) : null;
        }

        if (length is <= 0 or > 64 << 20)
        {
            return null;
        }

        byte[] bytes = new byte[length];
        try
        {
            using var unpacked = new GZipStream(new MemoryStream(gzip), CompressionMode.Decompress);
            unpacked.ReadExactly(bytes);
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException)
        {
            return null;
        }

        return XxHash3.HashToUInt64(bytes) == BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(8)) ? new KeptTile(bytes, gzip, packs: true) : null;
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var packed = new MemoryStream((bytes.Length / 2) + 64);
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
