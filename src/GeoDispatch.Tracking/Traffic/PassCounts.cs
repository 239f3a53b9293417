using GeoDispatch.Roads;

namespace GeoDispatch.Tracking.Traffic;

/// <summary>
/// How often an arc was driven at which speed, in each hour of the week: of each hour a histogram of the logarithm of the speed, so that
/// medians are told without keeping what was measured. At most 168 × 44 bars of 3 bytes, in practice some dozens. What is old weighs less and
/// less: an hour with many passes is halved.
/// </summary>
internal sealed class PassCounts
{
    /// <summary>How many bars, from 2 km/h to 163 km/h: a speed is known to 5 %.</summary>
    internal const int Bars = 44;

    /// <summary>Of a bar.</summary>
    internal const double Width = 0.1;

    private const double SlowestKmh = 2;
    private const int MostInHour = 60;

    private readonly SortedDictionary<(byte Hour, byte Bar), byte> counts = [];

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="FormatException">It did not write this.</exception>
    internal static PassCounts Read(ReadOnlySpan<byte> bytes)
    {
        var read = new PassCounts();
        for (int index = 0; index + 2 < bytes.Length; index += 3)
        {
            if (bytes[index] >= LearnedSpeeds.HoursOfWeek || bytes[index + 1] >= Bars)
            {
                throw new FormatException($"No hour {bytes[index]} with bar {bytes[index + 1]} is possible.");
            }

            read.counts[(bytes[index], bytes[index + 1])] = bytes[index + 2];
        }

        return bytes.Length % 3 == 0 ? read : throw new FormatException($"{bytes.Length} bytes are no bars of 3.");
    }

    /// <summary>How many passes count, over all hours.</summary>
    internal int Count => counts.Values.Sum(static count => count);

    /// <summary>Each bar that is not empty: the hour of the week, the natural logarithm of the speed in km/h, how many.</summary>
    internal IEnumerable<(int Hour, double LogKmh, int Count)> All =>
        counts.Select(static bar => ((int)bar.Key.Hour, Math.Log(SlowestKmh) + (bar.Key.Bar + 0.5) * Width, (int)bar.Value));

    /// <summary>Counts one pass; slower and faster ones than there are bars count in the last of these.</summary>
    internal void Add(int hourOfWeek, double kmh)
    {
        int bar = (int)Math.Clamp(Math.Floor(Math.Log(Math.Max(kmh, SlowestKmh) / SlowestKmh) / Width), 0, Bars - 1);
        (byte Hour, byte Bar) key = ((byte)hourOfWeek, (byte)bar);
        counts[key] = (byte)(counts.GetValueOrDefault(key) + 1);
        (byte Hour, byte Bar)[] hour = [.. counts.Keys.Where(one => one.Hour == key.Hour)];
        if (hour.Sum(one => counts[one]) > MostInHour)
        {
            foreach ((byte Hour, byte Bar) one in hour)
            {
                counts[one] /= 2;
                if (counts[one] == 0)
                {
                    counts.Remove(one);
                }
            }
        }
    }

    /// <summary>Three bytes for each bar: hour, bar, count.</summary>
    internal byte[] ToBytes() => [.. counts.SelectMany(static bar => new[] { bar.Key.Hour, bar.Key.Bar, bar.Value })];
}
