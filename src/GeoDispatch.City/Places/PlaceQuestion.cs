using System.Globalization;
using System.Text.RegularExpressions;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;

namespace GeoDispatch.City.Places;

/// <summary>One way to understand a question.</summary>
internal abstract record Reading
{
    private Reading()
    {
    }

    /// <summary>The name of something, folded.</summary>
    internal sealed record Name(string Text) : Reading;

    /// <summary>A house number of a street.</summary>
    internal sealed record House(string Street, int Number) : Reading;

    /// <summary>Where two streets cross.</summary>
    /// <param name="Said">A word or a sign says so; else the names only stand beside each other.</param>
    /// <param name="Loose">Nothing shows where the first name ends.</param>
    internal sealed record Crossing(string One, string Other, bool Said, bool Loose) : Reading;

    /// <summary>A kilometre of a road.</summary>
    internal sealed record Kilometre(string Road, double Km) : Reading;
}

/// <summary>A question, checked, in the form that its readings are made of. Pure.</summary>
/// <param name="Text">One width, one case, simplified; single spaces and signs left in.</param>
/// <param name="Near">Where the caller is or the map looks; null where that is not known.</param>
/// <param name="Limit">At most so many answers, 1 to 50.</param>
internal sealed partial record PlaceQuestion(string Text, LonLat? Near, int Limit)
{
    private const int MostCharacters = 100, MostAnswers = 50;

    /// <summary>Refuses what is empty, too long or off the earth.</summary>
    internal static (PlaceQuestion? Question, Problem? Problem) Read(string? q, double? lon, double? lat, int? limit)
    {
        string text = (q ?? "").Length <= 4 * MostCharacters ? PlaceText.FoldQuestion(q ?? "") : q!;
        if (text.Length is 0 or > MostCharacters)
        {
            return (null, Bad("q", q, "1 至 100 个字 / 1 to 100 characters"));
        }

        LonLat? near = null;
        if (lon is not null || lat is not null)
        {
            if (!LonLat.TryCreate(lon ?? double.NaN, lat ?? double.NaN, out LonLat point))
            {
                return (null, Bad("lon", FormattableString.Invariant($"{lon},{lat}"), "lon −180…180 与 lat −90…90 须同时给出 / both are needed"));
            }

            near = point;
        }

        return limit is < 1 or > MostAnswers
            ? (null, Bad("limit", limit.Value.ToString(CultureInfo.InvariantCulture), $"1…{MostAnswers}"))
            : (new PlaceQuestion(text, near, limit ?? 10), null);
    }

    /// <summary>Every way to understand a text; which one was meant shows when each is looked up.</summary>
    internal static IEnumerable<Reading> Readings(string text)
    {
        yield return new Reading.Name(Folded(text));
        foreach (Reading reading in Kilometres(text).Concat(Houses(text)).Concat(Crossings(text)))
        {
            yield return reading;
        }
    }

    private static IEnumerable<Reading> Houses(string text)
    {
        foreach (Match house in (Match[])[StreetThenNumber().Match(text), StreetThenNumerals().Match(text), NumberThenStreet().Match(text)])
        {
            if (house.Success && PlaceText.Number(house.Groups["number"].Value) is { } number && Folded(house.Groups["street"].Value) is { Length: > 0 } street)
            {
                yield return new Reading.House(street, number);
            }
        }
    }

    private static IEnumerable<Reading> Kilometres(string text)
    {
        foreach (Match kilometre in (Match[])[Stone().Match(text), StoneWithoutSign().Match(text), Kilometer().Match(text)])
        {
            if (kilometre.Success)
            {
                double meters = kilometre.Groups["m"].Success ? double.Parse(kilometre.Groups["m"].ValueSpan, CultureInfo.InvariantCulture) : 0;
                yield return new Reading.Kilometre(
                    Road(kilometre.Groups["road"].Value), double.Parse(kilometre.Groups["km"].ValueSpan, CultureInfo.InvariantCulture) + meters / 1_000);
            }
        }
    }

    /// <summary>省道301, 301省道 and S301省道 are s301.</summary>
    private static string Road(string text)
    {
        Match numbered = NumberedRoad().Match(text);
        string folded = Folded(text);
        return !numbered.Success ? folded : numbered.Groups["letter"].Success
            ? numbered.Groups["letter"].Value + numbered.Groups["ref"].Value
            : (text.Contains("国道", StringComparison.Ordinal) ? "g" : text.Contains("县道", StringComparison.Ordinal) ? "x" : "s") + numbered.Groups["ref"].Value;
    }

    private static IEnumerable<Reading> Crossings(string text)
    {
        Match ended = CrossingWord().Match(text);
        bool said = ended.Groups["word"].Length > 0;
        string names = ended.Groups["names"].Value;
        // 东五十三路口 lost its 路 to the word for a crossing.
        string last = ended.Groups["word"].Value.StartsWith("路口", StringComparison.Ordinal) && names.Length > 0 && !IsWay(names[^1]) ? "路" : "";
        bool divided = false;
        foreach (Match divider in Dividers().Matches(names))
        {
            if (Two(names[..divider.Index], names[(divider.Index + divider.Length)..] + last) is { } pair)
            {
                divided = true;
                yield return new Reading.Crossing(pair.One, pair.Other, said || divider.Value.Trim().Length > 0, false);
            }
        }

        string joined = Folded(names);
        for (int at = 2; at <= joined.Length - 2; at++)
        {
            if (IsWay(joined[at - 1]) && !char.IsAsciiDigit(joined[at]))
            {
                yield return new Reading.Crossing(joined[..at], joined[at..] + last, said, false);
            }
            else if (said && !divided && joined[at - 1] > 'z')
            {
                yield return new Reading.Crossing(joined[..at], joined[at..] + last, said, true);
            }
        }
    }

    private static (string One, string Other)? Two(string one, string other) =>
        (Folded(one), Folded(other)) is var pair && pair.Item1.Length > 1 && pair.Item2.Length > 1 ? pair : null;

    private static bool IsWay(char letter) => letter is '路' or '街' or '道' or '巷' or '弄' or '线' or '桥';

    private static string Folded(string text) => PlaceText.Fold(text).Text;

    private static Problem Bad(string field, string? value, string right) => new(
        400, "places.bad_query", "检索条件不对 / Bad search", $"{field}: {right}", field, value);

    // 黄河路100号3单元, 黄河路第100号, 泰山街no.12, hhl100
    [GeneratedRegex(@"^(?<street>.*?[^0-9\s+])\s*(第|no\.?|№)?\s*(?<number>[0-9]{1,5})\s*(号|#|好|hao|院|栋|幢|弄|楼|单元|室|$)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 100)]
    private static partial Regex StreetThenNumber();

    [GeneratedRegex("^(?<street>.+[路街道巷村线弄])(?<number>[一二三四五六七八九十百零〇两]+)号", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 100)]
    private static partial Regex StreetThenNumerals();

    [GeneratedRegex("^(no\\.? ?)?(?<number>[0-9]{1,5}),? (?<street>[a-z].+)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 100)]
    private static partial Regex NumberThenStreet();

    // S301 K12+300
    [GeneratedRegex(@"^(?<road>.+?)\s*(桩号)?\s*k\s*(?<km>[0-9]{1,4})(\s*\+\s*(?<m>[0-9]{1,3}))?米?(处|附近)?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 100)]
    private static partial Regex Stone();

    // K12300, the sign forgotten.
    [GeneratedRegex(@"^(?<road>.+?)\s*k\s*(?<km>[0-9]{1,3})(?<m>[0-9]{3})$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 100)]
    private static partial Regex StoneWithoutSign();

    [GeneratedRegex(@"^(?<road>.+?)\s*(?<km>[0-9]{1,4}(\.[0-9]{1,3})?)\s*(公里|千米|km)\s*[又零]?((?<m>[0-9]{1,3})\s*米)?(处|附近)?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 100)]
    private static partial Regex Kilometer();

    [GeneratedRegex(@"^((?<letter>[gsxy])\s?(?<ref>[0-9]{1,4})\s*(国道|省道|县道|高速)?|(国道|省道|县道)\s?(?<ref>[0-9]{1,4})|(?<ref>[0-9]{1,4})(国道|省道|县道))$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 100)]
    private static partial Regex NumberedRoad();

    [GeneratedRegex("^(?<names>.+?)的?(?<word>(十字路口|丁字路口|交叉路口|交叉口|交叉处|交叉|交汇处|交汇口|交汇|交口|路口|口)?)(?<corner>([东西][南北]|[东西南北])[角侧])?(处|附近)?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 100)]
    private static partial Regex CrossingWord();

    [GeneratedRegex("\\s*([与和跟同及近、/&+×,;@ ]|(?<=[一-龥])x(?=[一-龥])| and | at )\\s*", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 100)]
    private static partial Regex Dividers();
}
