using System.Globalization;
using System.Text.RegularExpressions;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;

namespace GeoDispatch.Sharing.Features;

/// <summary>What <c>datetime</c> asks for: from one instant to another in UTC, both included.</summary>
/// <param name="From">Null where it begins with time itself.</param>
/// <param name="To">Null where it never ends.</param>
internal sealed partial record TimeRange(DateTime? From, DateTime? To)
{
    /// <summary>Gives the refusal, or null. Programs ask for the years 0000 and 9999 where they mean no end at all.</summary>
    internal static Problem? Parse(string text, out TimeRange range)
    {
        range = new TimeRange(null, null);
        string[] ends = text.Split('/');
        bool open = ends.Length == 2 && ends[0] is "" or "..";
        bool openEnd = ends is [_, "" or ".."];
        bool right = ends.Length is 1 or 2 && !(open && openEnd);
        if (right && !open)
        {
            right = TryRead(ends[0], false, out DateTime? from);
            range = range with { From = from };
        }

        if (right && !openEnd)
        {
            right = TryRead(ends[^1], true, out DateTime? to);
            range = range with { To = to };
        }

        return right && !(range.From > range.To)
            ? null
            : FeatureQuery.Bad("datetime", text, "RFC 3339 时刻或区间 / An instant of RFC 3339 or an interval a/b, ../b, a/..");
    }

    /// <summary>The condition on a column of days, which last all of their time in UTC, or of instants. What has no time is always selected.</summary>
    internal string Where(LayerColumn column, SqlParameters parameters)
    {
        string name = SqlParameters.Quoted(column.Name);
        object Value(DateTime instant) => column.Type == "date" ? DateOnly.FromDateTime(instant) : instant;
        string[] ends =
        [
            .. From is DateTime from ? [$"{name} >= {parameters.Add(Value(from))}"] : Array.Empty<string>(),
            .. To is DateTime to ? [$"{name} <= {parameters.Add(Value(to))}"] : Array.Empty<string>(),
        ];
        return ends.Length == 0 ? "true" : $"({string.Join(" AND ", ends)} OR {name} IS NULL)";
    }

    /// <param name="end">A day without a time begins with its first microsecond and ends with its last.</param>
    /// <param name="instant">Null beyond the years that there are: no end.</param>
    private static bool TryRead(string text, bool end, out DateTime? instant)
    {
        instant = null;
        Match match = Instant().Match(text);
        int Part(string name) => match.Groups[name].Success ? int.Parse(match.Groups[name].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        (int year, int month, int day) = (Part("year"), Part("month"), Part("day"));
        if (!match.Success || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(Math.Max(year, 4), month)
            || Part("hour") > 23 || Part("minute") > 59 || Part("second") > 60 || Part("ohour") > 23 || Part("ominute") > 59)
        {
            return false;
        }

        if (year is 0 or 9999)
        {
            return true;
        }

        TimeSpan offset = new TimeSpan(Part("ohour"), Part("ominute"), 0) * (match.Groups["sign"].Value == "-" ? -1 : 1);
        var fraction = TimeSpan.FromSeconds(double.Parse($"0{match.Groups["fraction"].Value}", CultureInfo.InvariantCulture));
        var ofDay = new TimeSpan(Part("hour"), Part("minute"), Part("second"));
        // Two days from either end of all years, so that no offset leads beyond.
        if (year > 1)
        {
            instant = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc) + ofDay + fraction - offset;
            instant = end && !match.Groups["hour"].Success ? instant.Value.AddDays(1).AddMicroseconds(-1) : instant;
        }

        return true;
    }

    [GeneratedRegex(
        """^(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})([Tt](?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})(?<fraction>\.[0-9]{1,12})?([Zz]|(?<sign>[+-])(?<ohour>[0-9]{2}):(?<ominute>[0-9]{2})))?\z""",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Instant();
}
