using System.Globalization;
using System.Text;

namespace GeoDispatch.Tracking.Devices.Nmea;

/// <summary>What a line says.</summary>
internal abstract record NmeaMessage;

/// <summary>Who speaks from here on.</summary>
/// <param name="Key">Null where the name has none behind it.</param>
internal sealed record NmeaName(string Terminal, string? Key) : NmeaMessage;

/// <summary>RMC: the recommended minimum.</summary>
/// <param name="IsFixed">Status A; a receiver without reception says V and repeats its last place, or none.</param>
/// <param name="Lat">Degrees; 0 with <paramref name="Lon"/> where it says none.</param>
/// <param name="SpeedKnots">Null where it says none.</param>
/// <param name="CourseDegrees">Clockwise from true north.</param>
internal sealed record NmeaPosition(DateTimeOffset Time, bool IsFixed, double Lat, double Lon, double? SpeedKnots, double? CourseDegrees) : NmeaMessage;

/// <summary>GGA, of which only what RMC lacks is taken. It has no date.</summary>
/// <param name="TimeOfDay">UTC.</param>
/// <param name="AltitudeMeters">Above mean sea level; null without reception.</param>
internal sealed record NmeaAltitude(TimeSpan TimeOfDay, double? AltitudeMeters) : NmeaMessage;

/// <summary>A whole sentence of another kind.</summary>
internal sealed record NmeaOther : NmeaMessage
{
    internal static readonly NmeaOther Sentence = new();
}

/// <summary>Why a line is none.</summary>
internal enum NmeaFault
{
    /// <summary>Longer than <see cref="NmeaStream.MostLine"/>.</summary>
    TooLong,

    /// <summary>Neither a sentence nor a name.</summary>
    NoSentence,

    /// <summary>No <c>*hh</c> behind it, which a place must have.</summary>
    NoChecksum,

    /// <summary>The XOR of what stands between <c>$</c> and <c>*</c> is another.</summary>
    WrongChecksum,

    /// <summary>A field of RMC or GGA is not what the sentence demands there.</summary>
    WrongField,
}

/// <summary>
/// Reads lines of NMEA 0183: <c>$ttsss,field,…*hh</c>, tt the talker (GP, GN, BD, …), sss the sentence, hh the XOR in hexadecimal; places as
/// ddmm.mmmm, speed in knots, UTC. Pure.
/// </summary>
internal static class NmeaDecoder
{
    private const int MostFields = 24;

    /// <summary>Names as the tracker makers write them and Traccar's t55 reads them: as sentences of their own.</summary>
    private static readonly string[] Naming = ["PGID,", "DEVID,", "GPFID,", "IMEI="];

    /// <summary>Adds what a line says, without its end: up to two messages, a name and the sentence behind it.</summary>
    /// <returns>The fault of the line; what could be read of it stands before.</returns>
    internal static NmeaFault? Read(ReadOnlySpan<byte> bytes, List<NmeaMessage> messages)
    {
        if (bytes.Length > NmeaStream.MostLine)
        {
            return NmeaFault.TooLong;
        }

        // A byte, a character: nothing here fails on what is no ASCII.
        Span<char> text = stackalloc char[bytes.Length];
        Encoding.Latin1.GetChars(bytes, text);
        return Read((ReadOnlySpan<char>)text, messages);
    }

    private static NmeaFault? Read(ReadOnlySpan<char> line, List<NmeaMessage> messages)
    {
        line = line.Trim(' ');
        int dollar = line.IndexOf('$');
        if (dollar < 0)
        {
            return line.StartsWith("IMEI ", StringComparison.Ordinal) ? Name(line[5..], messages) : NmeaFault.NoSentence;
        }

        if (dollar > 0 && Name(Before(line[..dollar]), messages) is { } fault)
        {
            return fault;
        }

        ReadOnlySpan<char> sentence = line[(dollar + 1)..];
        int star = sentence.LastIndexOf('*');
        bool isChecked = star >= 0;
        if (isChecked && !IsRight(sentence[..star], sentence[(star + 1)..].Trim(' ')))
        {
            return NmeaFault.WrongChecksum;
        }

        sentence = isChecked ? sentence[..star] : sentence;
        foreach (string naming in Naming)
        {
            if (sentence.StartsWith(naming, StringComparison.Ordinal))
            {
                return Name(sentence[naming.Length..], messages);
            }
        }

        return sentence switch
        {
            [_, _, 'R', 'M', 'C', ',', .. var fields] => isChecked ? Position(fields, messages) : NmeaFault.NoChecksum,
            [_, _, 'G', 'G', 'A', ',', .. var fields] => isChecked ? Altitude(fields, messages) : NmeaFault.NoChecksum,
            _ => Other(messages),
        };
    }

    /// <summary>The name in <c>name$…</c>, <c>name,$…</c> and <c>group/name/$…</c>.</summary>
    private static ReadOnlySpan<char> Before(ReadOnlySpan<char> prefix) => prefix switch
    {
        [.. var name, ','] => name,
        [.. var path, '/'] => path[(path.IndexOf('/') + 1)..],
        _ => prefix,
    };

    private static NmeaFault? Other(List<NmeaMessage> messages)
    {
        messages.Add(NmeaOther.Sentence);
        return null;
    }

    private static NmeaFault? Name(ReadOnlySpan<char> name, List<NmeaMessage> messages)
    {
        if (name.Length is < 1 or > 64 + TerminalRegistry.KeyDigits + 1 || name.ContainsAnyExceptInRange('!', '~'))
        {
            return NmeaFault.NoSentence;
        }

        (string terminal, string? key) = TerminalDoor.Split(name.ToString());
        messages.Add(new NmeaName(terminal, key));
        return null;
    }

    private static bool IsRight(ReadOnlySpan<char> said, ReadOnlySpan<char> checksum)
    {
        int sum = 0;
        foreach (char one in said)
        {
            sum ^= one;
        }

        // Some trackers append more behind it.
        return checksum.Length >= 2 && byte.TryParse(checksum[..2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte hex) && hex == sum;
    }

    private static NmeaFault? Position(ReadOnlySpan<char> text, List<NmeaMessage> messages)
    {
        Span<Range> fields = stackalloc Range[MostFields];
        int count = text.Split(fields, ',');
        if (count >= 9 && text[fields[0]].IsEmpty && text[fields[1]] is ['V'])
        {
            // Just switched on, without reception and without the time.
            return Other(messages);
        }

        if (count < 9 || !TryTime(text[fields[0]], out TimeSpan time) || !TryDate(text[fields[8]], out DateTimeOffset date)
            || text[fields[1]] is not (['A'] or ['V'])
            || !TryNumber(text[fields[6]], out double? speed) || !TryNumber(text[fields[7]], out double? course))
        {
            return NmeaFault.WrongField;
        }

        bool isFixed = text[fields[1]][0] == 'A';
        bool hasPlace = TryDegrees(text[fields[2]], text[fields[3]], 90, 'N', 'S', out double lat)
            & TryDegrees(text[fields[4]], text[fields[5]], 180, 'E', 'W', out double lon);
        if (isFixed && !hasPlace)
        {
            return NmeaFault.WrongField;
        }

        messages.Add(new NmeaPosition(date + time, isFixed, hasPlace ? lat : 0, hasPlace ? lon : 0, speed, course));
        return null;
    }

    private static NmeaFault? Altitude(ReadOnlySpan<char> text, List<NmeaMessage> messages)
    {
        Span<Range> fields = stackalloc Range[MostFields];
        int count = text.Split(fields, ',');
        if (count >= 9 && text[fields[0]].IsEmpty)
        {
            return Other(messages);
        }

        if (count < 9 || !TryTime(text[fields[0]], out TimeSpan time) || !TryNumber(text[fields[8]], out double? altitude)
            || text[fields[5]] is not [>= '0' and <= '9' and var quality])
        {
            return NmeaFault.WrongField;
        }

        messages.Add(new NmeaAltitude(time, quality == '0' ? null : altitude));
        return null;
    }

    private static bool TryTime(ReadOnlySpan<char> text, out TimeSpan time)
    {
        time = default;
        if (text.Length < 6 || !TryDigits(text, 0, out int hours) || !TryDigits(text, 2, out int minutes)
            || !decimal.TryParse(text[4..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds) || text.Length > 16)
        {
            return false;
        }

        // A leap second is the first of the next minute here.
        if (hours > 23 || minutes > 59 || seconds is < 0 or >= 61)
        {
            return false;
        }

        time = new TimeSpan(hours, minutes, 0) + TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));
        return true;
    }

    private static bool TryDate(ReadOnlySpan<char> text, out DateTimeOffset date)
    {
        date = default;
        if (text.Length != 6 || !TryDigits(text, 0, out int day) || !TryDigits(text, 2, out int month) || !TryDigits(text, 4, out int year))
        {
            return false;
        }

        // GPS began in 1980.
        year += year < 80 ? 2000 : 1900;
        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        date = new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero);
        return true;
    }

    /// <summary>Degrees and minutes: the two digits before the point are minutes.</summary>
    private static bool TryDegrees(ReadOnlySpan<char> text, ReadOnlySpan<char> side, int most, char positive, char negative, out double degrees)
    {
        degrees = 0;
        if (text.Length > 16 || side.Length != 1 || (side[0] != positive && side[0] != negative)
            || text.Length < 3 || text[0] == '-' || !TryNumber(text, out double? number) || number is not { } both)
        {
            return false;
        }

        double whole = Math.Floor(both / 100);
        double minutes = both - whole * 100;
        degrees = Math.Round(whole + minutes / 60, 9) * (side[0] == positive ? 1 : -1);
        return minutes < 60 && Math.Abs(degrees) <= most;
    }

    /// <summary>Null where nothing is said. At most 16 digits.</summary>
    private static bool TryNumber(ReadOnlySpan<char> text, out double? number)
    {
        number = null;
        if (text.IsEmpty)
        {
            return true;
        }

        if (text.Length > 16
            || !double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out double read)
            || !double.IsFinite(read))
        {
            return false;
        }

        number = read;
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<char> text, int at, out int number)
    {
        number = (text[at] - '0') * 10 + text[at + 1] - '0';
        return text[at] is >= '0' and <= '9' && text[at + 1] is >= '0' and <= '9';
    }
}
