using System.Buffers.Binary;
using SkiaSharp;

namespace GeoDispatch.Dispatch.Orders;

/// <summary>
/// A face with the letters of one paper alone. The library that writes PDF puts a TrueType face into it whole, which is some megabytes of Chinese for a
/// page of two hundred letters. Glyphs keep their numbers; those that are not wanted are empty (OpenType 1.9, tables glyf, loca, cmap).
/// </summary>
internal static class FaceSubset
{
    private const int LocaFormatAt = 50, MetricsCountAt = 34;

    /// <summary>Composite glyphs: which parts of a component's record follow.</summary>
    private const int WordArguments = 0x1, OneScale = 0x8, MoreComponents = 0x20, TwoScales = 0x40, FourScales = 0x80;

    private static readonly string[] AsTheyAre = ["OS/2", "cvt ", "fpgm", "hhea", "maxp", "name", "prep"];

    /// <summary>The face itself where it is none of TrueType: such are written glyph by glyph already.</summary>
    /// <param name="letters">Unicode code points.</param>
    internal static SKTypeface Of(SKTypeface face, IReadOnlyCollection<int> letters)
    {
        if (Table(face, "glyf") is not { } glyf || Table(face, "loca") is not { } loca || Table(face, "head") is not { } head
            || Table(face, "hmtx") is not { } hmtx || Table(face, "hhea") is not { } hhea)
        {
            return face;
        }

        bool isLong = BinaryPrimitives.ReadInt16BigEndian(head.AsSpan(LocaFormatAt)) == 1;
        int glyphs = (loca.Length / (isLong ? 4 : 2)) - 1;
        Range Place(int glyph) => Offset(glyph)..Offset(glyph + 1);
        int Offset(int glyph) => isLong
            ? (int)BinaryPrimitives.ReadUInt32BigEndian(loca.AsSpan(glyph * 4))
            : BinaryPrimitives.ReadUInt16BigEndian(loca.AsSpan(glyph * 2)) * 2;

        using var font = new SKFont(face);
        (int Letter, int Glyph)[] known = [.. letters.Distinct().Order().Select(letter => (letter, (int)font.GetGlyph(letter))).Where(static one => one.Item2 != 0)];
        var kept = new SortedSet<int> { 0 };
        var open = new Stack<int>(known.Select(static one => one.Glyph).Append(0));
        while (open.TryPop(out int glyph))
        {
            kept.Add(glyph);
            foreach (int part in Parts(glyf.AsSpan(Place(glyph))).Where(part => part < glyphs && !kept.Contains(part)))
            {
                open.Push(part);
            }
        }

        using var shapes = new MemoryStream();
        byte[] places = new byte[(glyphs + 1) * 4];
        int metrics = BinaryPrimitives.ReadUInt16BigEndian(hhea.AsSpan(MetricsCountAt));
        for (int glyph = 0; glyph < glyphs; glyph++)
        {
            if (kept.Contains(glyph))
            {
                shapes.Write(glyf.AsSpan(Place(glyph)));
                shapes.SetLength(shapes.Position = (shapes.Position + 3) & ~3);
            }
            else if (glyph < metrics)
            {
                hmtx.AsSpan(glyph * 4, 4).Clear();
            }

            BinaryPrimitives.WriteUInt32BigEndian(places.AsSpan((glyph + 1) * 4), (uint)shapes.Position);
        }

        BinaryPrimitives.WriteInt16BigEndian(head.AsSpan(LocaFormatAt), 1);
        var tables = new SortedDictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["cmap"] = Letters(known),
            ["glyf"] = shapes.ToArray(),
            ["head"] = head,
            ["hmtx"] = hmtx,
            ["loca"] = places,
            ["post"] = [0, 3, .. new byte[30]],
        };
        foreach (string name in AsTheyAre)
        {
            if (Table(face, name) is { } table)
            {
                tables[name] = table;
            }
        }

        using SKData data = SKData.CreateCopy(File(tables));
        return SKTypeface.FromData(data) ?? face;
    }

    private static byte[]? Table(SKTypeface face, string name) => face.TryGetTableData(Tag(name), out byte[]? table) ? table : null;

    private static uint Tag(string name) => ((uint)name[0] << 24) | ((uint)name[1] << 16) | ((uint)name[2] << 8) | name[3];

    /// <summary>The glyphs that a composite one is put together of; none for any other.</summary>
    private static List<int> Parts(ReadOnlySpan<byte> glyph)
    {
        var parts = new List<int>();
        if (glyph.Length < 10 || BinaryPrimitives.ReadInt16BigEndian(glyph) >= 0)
        {
            return parts;
        }

        for (int at = 10, flags = MoreComponents; (flags & MoreComponents) != 0 && at + 4 <= glyph.Length;)
        {
            flags = BinaryPrimitives.ReadUInt16BigEndian(glyph[at..]);
            parts.Add(BinaryPrimitives.ReadUInt16BigEndian(glyph[(at + 2)..]));
            at += 4 + ((flags & WordArguments) != 0 ? 4 : 2)
                + ((flags & OneScale) != 0 ? 2 : (flags & TwoScales) != 0 ? 4 : (flags & FourScales) != 0 ? 8 : 0);
        }

        return parts;
    }

    /// <summary>The table cmap: one subtable for all of Unicode, of format 12, a group for each letter.</summary>
    private static byte[] Letters((int Letter, int Glyph)[] known)
    {
        using var written = new MemoryStream();
        Write(written, 1, (3 << 16) | 10, 12, 12 << 16, (uint)(16 + (12 * known.Length)), 0, (uint)known.Length);
        foreach ((int letter, int glyph) in known)
        {
            Write(written, (uint)letter, (uint)letter, (uint)glyph);
        }

        return written.ToArray();
    }

    private static byte[] File(SortedDictionary<string, byte[]> tables)
    {
        using var written = new MemoryStream();
        // The numbers for a binary search of the list are left out: nobody needs them for a dozen.
        Write(written, 0x0001_0000, (uint)tables.Count << 16, 0);
        uint offset = (uint)(12 + (16 * tables.Count));
        foreach ((string name, byte[] table) in tables)
        {
            Write(written, Tag(name), Sum(table), offset, (uint)table.Length);
            offset += (uint)((table.Length + 3) & ~3);
        }

        foreach (byte[] table in tables.Values)
        {
            written.Write(table);
            written.SetLength(written.Position = (written.Position + 3) & ~3);
        }

        return written.ToArray();
    }

    private static uint Sum(byte[] table)
    {
        uint sum = 0;
        for (int at = 0; at < table.Length; at++)
        {
            sum += (uint)table[at] << (24 - (8 * (at & 3)));
        }

        return sum;
    }

    private static void Write(MemoryStream target, params ReadOnlySpan<uint> numbers)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (uint number in numbers)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
            target.Write(bytes);
        }
    }
}
