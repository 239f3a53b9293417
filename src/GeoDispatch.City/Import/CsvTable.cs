using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using GeoDispatch.Spatial;

namespace GeoDispatch.City.Import;

/// <summary>Why a row was not taken: which line of the file, which column, what stood there, what would be right.</summary>
public sealed record RefusedRow(int Line, string Column, string? Value, string Reason);

/// <summary>One row: its line in the file, and its cells by the name of the column.</summary>
public sealed record CsvRow(int Line, IReadOnlyDictionary<string, string> Cells)
{
    /// <summary>The cell without white space around it; null where it is empty or there is no such column.</summary>
    public string? this[string column] => Cells.TryGetValue(column, out string? cell) && !string.IsNullOrWhiteSpace(cell) ? cell.Trim() : null;

    /// <summary>Null where the cell holds 1 to <paramref name="most"/> characters, or none and none are needed.</summary>
    public RefusedRow? Text(string column, int most, bool needed = true) => this[column] switch
    {
        null when needed => Refuse(column, "不能为空 / may not be empty"),
        { } text when text.Length > most => Refuse(column, $"至多 {most} 个字 / at most {most} characters"),
        _ => null,
    };

    /// <summary>Reads <c>lon</c> and <c>lat</c> (degrees, WGS 84 or CGCS2000), which must lie in the city.</summary>
    public RefusedRow? Place(CityProfile city, out LonLat place)
    {
        place = default;
        foreach (string column in new[] { "lon", "lat" })
        {
            if (!double.TryParse(this[column], NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            {
                return Refuse(column, "须为度数 / must be degrees, 118.674600");
            }
        }

        place = new LonLat(double.Parse(this["lon"]!, CultureInfo.InvariantCulture), double.Parse(this["lat"]!, CultureInfo.InvariantCulture));
        return new Bbox(city.West, city.South, city.East, city.North).Contains(place)
            ? null
            : Refuse("lon", string.Create(CultureInfo.InvariantCulture, $"在城市范围之外,经度在前 / outside of the city, longitude first: {city.West:0.###}…{city.East:0.###}, {city.South:0.###}…{city.North:0.###}"));
    }

    /// <summary>Refuses the row by one of its columns.</summary>
    public RefusedRow Refuse(string column, string reason) => new(Line, column, this[column], reason);
}

/// <summary>A table as offices keep it: comma-separated, with a line of names, in UTF-8 or GBK.</summary>
public static class CsvTable
{
    /// <summary>The most rows of one file.</summary>
    public const int MostRows = 10_000;

    private const int MostBytes = 10_000_000;

    /// <summary>Reads the whole file.</summary>
    /// <param name="needed">Columns that must be there.</param>
    /// <exception cref="ImportRefusedException">The file is absent, too large or no such table; the message says what is wrong.</exception>
    public static IReadOnlyList<CsvRow> Read(string path, params string[] needed)
    {
        if (!File.Exists(path))
        {
            throw new ImportRefusedException($"{path} 不存在 / does not exist");
        }

        if (new FileInfo(path).Length > MostBytes)
        {
            throw new ImportRefusedException($"{path} 过大 / is too large: 10 MB");
        }

        using var csv = new CsvReader(new StringReader(Decode(File.ReadAllBytes(path))), new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            PrepareHeaderForMatch = static column => column.Header.Trim().ToLowerInvariant(),
            MissingFieldFound = null,
            BadDataFound = bad => throw new ImportRefusedException($"{path}: 第 {bad.Context.Parser?.RawRow} 行引号不配对 / line {bad.Context.Parser?.RawRow}: unmatched quotes"),
        });
        if (!csv.Read() || !csv.ReadHeader())
        {
            throw new ImportRefusedException($"{path} 为空 / is empty");
        }

        string[] columns = [.. csv.HeaderRecord!.Select(static name => name.Trim().ToLowerInvariant())];
        if (needed.Except(columns, StringComparer.Ordinal).ToArray() is { Length: > 0 } missing)
        {
            throw new ImportRefusedException($"{path}: 缺少列 / missing columns: {string.Join(", ", missing)}; 有 / there are: {string.Join(", ", columns)}");
        }

        var rows = new List<CsvRow>();
        while (csv.Read())
        {
            if (rows.Count == MostRows)
            {
                throw new ImportRefusedException($"{path}: 至多 {MostRows} 行 / at most {MostRows} rows");
            }

            rows.Add(new CsvRow(csv.Context.Parser!.RawRow, columns.Index().DistinctBy(static column => column.Item).ToDictionary(
                static column => column.Item, column => csv.GetField(column.Index) ?? "", StringComparer.Ordinal)));
        }

        return rows;
    }

    /// <summary>UTF-8 where the bytes are, else GBK, which most offices' spreadsheets still write.</summary>
    internal static string Decode(byte[] bytes)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
            return Encoding.GetEncoding("GB18030").GetString(bytes);
        }
    }
}
