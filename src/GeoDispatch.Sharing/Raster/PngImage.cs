using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using SkiaSharp;

namespace GeoDispatch.Sharing.Raster;

/// <summary>
/// Writes PNG (ISO/IEC 15948) of a drawn map: one byte a pixel by a palette, since a map has few colours, and three or four bytes where that
/// would be seen. Skia writes no palette, and its files of a map take twice the time and are larger.
/// </summary>
internal static class PngImage
{
    private const int Most = 256, MostCounted = 8192;

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
        bool opaque = pixels.AlphaType == SKAlphaType.Opaque;
        var known = new Dictionary<uint, ushort>(1024);
        var colours = new List<(uint Colour, int Times, ushort Number)>(1024);
        ushort[] numbers = new ushort[pixels.Width * pixels.Height];
        int at = 0;
        for (int y = 0; y < pixels.Height; y++)
        {
            ReadOnlySpan<uint> row = Row(pixels, y);
            for (int x = 0; x < row.Length;)
            {
                uint colour = row[x];
                int from = x;
                while (x < row.Length && row[x] == colour)
                {
                    x++;
                }

                if (!known.TryGetValue(colour, out ushort number))
                {
                    // Half drawn colours are kept multiplied by their opacity: seldom enough to leave them to the long way.
                    if (colours.Count == MostCounted || (!opaque && colour >> 24 is not (0 or 255)))
                    {
                        return false;
                    }

                    number = (ushort)colours.Count;
                    known.Add(colour, number);
                    colours.Add((colour, 0, number));
                }

                colours[number] = colours[number] with { Times = colours[number].Times + x - from };
                numbers.AsSpan(at, x - from).Fill(number);
                at += x - from;
            }
        }

        byte[] places = new byte[colours.Count];
        foreach ((uint colour, _, ushort number) in colours.OrderByDescending(static colour => colour.Times))
        {
            if (palette.Count < Most)
            {
                places[number] = (byte)palette.Count;
                palette.Add(colour);
            }
            else if (!TryFind(palette, colour, out places[number]))
            {
                return false;
            }
        }

        for (int y = 0, from = 0; y < pixels.Height; y++)
        {
            Span<byte> into = rows.AsSpan((y * (pixels.Width + 1)) + 1, pixels.Width);
            for (int x = 0; x < into.Length; x++)
            {
                into[x] = places[numbers[from++]];
            }
        }

        return true;
    }

    private static bool TryFind(List<uint> palette, uint colour, out byte index)
    {
        int best = int.MaxValue;
        index = 0;
        for (int i = 0; i < palette.Count; i++)
        {
            uint other = palette[i];
            int away = Math.Max(Math.Max(Apart(colour, other, 0), Apart(colour, other, 8)), Math.Max(Apart(colour, other, 16), Apart(colour, other, 24)));
            if (away < best)
            {
                (best, index) = (away, (byte)i);
            }
        }

        return best <= Tolerance;
    }

    private static int Apart(uint one, uint other, int shift) => Math.Abs((int)((one >> shift) & 255) - (int)((other >> shift) & 255));

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
