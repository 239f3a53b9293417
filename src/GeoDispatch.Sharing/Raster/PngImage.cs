using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SkiaSharp;

namespace GeoDispatch.Sharing.Raster;

/// <summary>
/// Writes PNG (ISO/IEC 15948) of a drawn map: one byte a pixel by a palette, since a map has few colours, and three or four bytes where that
/// would be seen. Skia writes no palette, and its files of a map take twice the time and are larger.
/// </summary>
internal static class PngImage
{
    private const int Most = 256;

    // The rarest shades at the edges of lines are told by the next one that is listed, no more than this away in any part.
    private const int Tolerance = 12;

    internal static byte[] Write(SKPixmap pixels)
    {
        (int width, int height) = (pixels.Width, pixels.Height);
        byte[] rows = new byte[height * (width + 1)];
        var palette = new List<uint>(Most);
        byte colourType = 3;
        if (!TryIndex(pixels, rows, palette))
        {
            bool opaque = pixels.AlphaType == SKAlphaType.Opaque;
            colourType = (byte)(opaque ? 2 : 6);
            rows = Full(pixels, opaque ? 3 : 4);
        }

        using var file = new MemoryStream((rows.Length / 3) + 2048);
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, colourType);
        Chunk(file, "IHDR"u8, header);
        if (colourType == 3)
        {
            Chunk(file, "PLTE"u8, [.. palette.SelectMany(static colour => new[] { (byte)(colour >> 16), (byte)(colour >> 8), (byte)colour })]);
            if (pixels.AlphaType != SKAlphaType.Opaque)
            {
                Chunk(file, "tRNS"u8, [.. palette.Select(static colour => (byte)(colour >> 24))]);
            }
        }

        using var packed = new MemoryStream((rows.Length / 3) + 64);
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(rows);
        }

        Chunk(file, "IDAT"u8, packed.GetBuffer().AsSpan(0, (int)packed.Length));
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>False where a palette would be seen: too many colours, or some too far from all that are listed.</summary>
    private static bool TryIndex(SKPixmap pixels, byte[] rows, List<uint> palette)
    {
        // Pooled: of a tile it is too large for the ordinary heap, and a block has sixteen.
        ushort[] numbers = ArrayPool<ushort>.Shared.Rent(pixels.Width * pixels.Height);
        try
        {
            var seen = new SeenColours();
            return TryNumber(pixels, numbers, seen) && TryPlace(seen, palette, out byte[] places) && Fill(rows, numbers, places, pixels.Width);
        }
        finally
        {
            ArrayPool<ushort>.Shared.Return(numbers);
        }
    }

    private static bool TryNumber(SKPixmap pixels, ushort[] numbers, SeenColours seen)
    {
        bool opaque = pixels.AlphaType == SKAlphaType.Opaque;
        int at = 0;
        for (int y = 0; y < pixels.Height; y++)
        {
            ReadOnlySpan<uint> row = Row(pixels, y);
            for (int x = 0; x < row.Length;)
            {
                uint colour = row[x];
                int from = x;
                do
                {
                    x++;
                }
                while (x < row.Length && row[x] == colour);

                // Half drawn colours are kept multiplied by their opacity: seldom enough to leave them to the long way.
                if ((!opaque && colour >> 24 is not (0 or 255)) || !seen.TryAdd(colour, x - from, out ushort number))
                {
                    return false;
                }

                numbers.AsSpan(at, x - from).Fill(number);
                at += x - from;
            }
        }

        return true;
    }

    /// <summary>The palette, and where in it each seen colour stands. Where there are too many, as few as can be are told by a near one.</summary>
    private static bool TryPlace(SeenColours seen, List<uint> palette, out byte[] places)
    {
        places = new byte[seen.Count];
        if (seen.Count <= Most)
        {
            return TryPlace(seen, Enumerable.Range(0, seen.Count), Most, palette, places);
        }

        int[] byTimes = seen.ByTimes();
        return TryPlace(seen, byTimes, Most, palette, places) || TryPlace(seen, byTimes, Most / 2, palette, places);
    }

    /// <summary>The first <paramref name="exact"/> stay as they are; of the others each that is too far from all that are listed is listed, too.</summary>
    private static bool TryPlace(SeenColours seen, IEnumerable<int> numbers, int exact, List<uint> palette, byte[] places)
    {
        palette.Clear();
        // Free places repeat the first colour, so that all are compared at a time.
        Span<uint> listed = stackalloc uint[Most];
        listed.Fill(seen.ColourOf(numbers.First()));
        foreach (int number in numbers)
        {
            uint colour = seen.ColourOf(number);
            if (palette.Count >= exact && TryFind(listed, colour, out places[number]))
            {
                continue;
            }

            if (palette.Count == Most)
            {
                return false;
            }

            places[number] = (byte)palette.Count;
            listed[palette.Count] = colour;
            palette.Add(colour);
        }

        return true;
    }

    private static bool Fill(byte[] rows, ushort[] numbers, byte[] places, int width)
    {
        for (int at = 0, from = 0; at < rows.Length; at += width + 1)
        {
            foreach (ref byte into in rows.AsSpan(at + 1, width))
            {
                into = places[numbers[from++]];
            }
        }

        return true;
    }

    /// <summary>The nearest of 256 colours, by the part in which they are farthest apart; eight are compared at a time.</summary>
    private static bool TryFind(ReadOnlySpan<uint> palette, uint colour, out byte index)
    {
        Vector256<byte> wanted = Vector256.Create(colour).AsByte();
        Vector256<uint> best = Vector256<uint>.AllBitsSet, numbers = Vector256<uint>.Indices;
        for (int i = 0; i < Most; i += Vector256<uint>.Count)
        {
            Vector256<byte> other = Vector256.Create(palette[i..]).AsByte();
            Vector256<byte> apart = Vector256.Max(wanted, other) - Vector256.Min(wanted, other);
            apart = Vector256.Max(apart, (apart.AsUInt32() >>> 16).AsByte());
            apart = Vector256.Max(apart, (apart.AsUInt32() >>> 8).AsByte());
            best = Vector256.Min(best, ((apart.AsUInt32() & Vector256.Create(255u)) << 8) | numbers);
            numbers += Vector256.Create((uint)Vector256<uint>.Count);
        }

        uint least = uint.MaxValue;
        for (int lane = 0; lane < Vector256<uint>.Count; lane++)
        {
            least = Math.Min(least, best[lane]);
        }

        index = (byte)least;
        return least >> 8 <= Tolerance;
    }

    private static byte[] Full(SKPixmap pixels, int bytes)
    {
        byte[] rows = new byte[pixels.Height * ((pixels.Width * bytes) + 1)];
        int at = 0;
        for (int y = 0; y < pixels.Height; y++)
        {
            // Filter "none": a map is flat.
            at++;
            foreach (uint colour in Row(pixels, y))
            {
                uint alpha = bytes == 4 ? colour >> 24 : 255;
                rows[at++] = Straight(colour >> 16, alpha);
                rows[at++] = Straight(colour >> 8, alpha);
                rows[at++] = Straight(colour, alpha);
                if (bytes == 4)
                {
                    rows[at++] = (byte)alpha;
                }
            }
        }

        return rows;
    }

    private static byte Straight(uint part, uint alpha) => alpha is 0 or 255 ? (byte)part : (byte)Math.Min(255, (((part & 255) * 255) + (alpha / 2)) / alpha);

    /// <summary>Blue in the lowest byte, then green, red and opacity, as maps are drawn.</summary>
    private static ReadOnlySpan<uint> Row(SKPixmap pixels, int y) =>
        MemoryMarshal.Cast<byte, uint>(pixels.GetPixelSpan().Slice(y * pixels.RowBytes, pixels.Width * 4));

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(four, data.Length);
        file.Write(four);
        file.Write(name);
        file.Write(data);
        var check = new Crc32();
        check.Append(name);
        check.Append(data);
        BinaryPrimitives.WriteUInt32BigEndian(four, check.GetCurrentHashAsUInt32());
        file.Write(four);
    }
}
