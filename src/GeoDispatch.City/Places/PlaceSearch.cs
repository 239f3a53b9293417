using System.Globalization;
using GeoDispatch.Spatial;

namespace GeoDispatch.City.Places;

/// <summary>
/// Looks every reading of a question up in the gazetteer and ranks what is found. Pure. The rank of a place is
/// <list type="bullet">
/// <item>how like its name what was typed is, 0 to 1 (<see cref="Likeness"/>; of a crossing the mean of both streets);</item>
/// <item>less 0.01 for a street, a site or a feature of a layer and 0.015 for a village: among equals towns, hospitals, ambulance and fire stations come first;</item>
/// <item>plus 0.03 for a house number that is known, less 0.1 for another one in its place;</item>
/// <item>plus 0.04 in the district that was named before it, less 0.15 in another one;</item>
/// <item>plus 0.05 / (1 + d / 3 km), d from the town that was named, else from the caller or the middle of the view.</item>
/// </list>
/// </summary>
internal sealed class PlaceSearch(Gazetteer gazetteer, IReadOnlySet<string> kinds, LonLat? near)
{
    /// <summary>What people call a kind of site.</summary>
    private static readonly Dictionary<string, string> Categories = new(StringComparer.Ordinal)
    {
        ["医院"] = "hospital",
        ["急救站"] = "ambulance_station",
        ["120"] = "ambulance_station",
        ["消防站"] = "fire_station",
        ["消防队"] = "fire_station",
        ["119"] = "fire_station",
        ["加油站"] = "fuel",
        ["小学"] = "school",
        ["学校"] = "school",
        ["中学"] = "school",
        ["农贸市场"] = "marketplace",
        ["菜市场"] = "marketplace",
        ["市场"] = "marketplace",
        ["公园"] = "park",
        ["宾馆"] = "hotel",
        ["酒店"] = "hotel",
        ["旅馆"] = "hotel",
        ["便民服务中心"] = "townhall",
        ["超市"] = "supermarket",
        ["银行"] = "bank",
        ["药店"] = "pharmacy",
        ["派出所"] = "police",
        ["公安局"] = "police",
        ["车站"] = "station",
        ["hospital"] = "hospital",
        ["fuel"] = "fuel",
        ["hotel"] = "hotel",
    };

    /// <summary>The most that being near counts.</summary>
    private const double MostNearness = 0.05;

    private readonly Dictionary<string, Candidate> found = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<NameFound>> looked = new(StringComparer.Ordinal);

    /// <summary>A place before it is known how near it is.</summary>
    /// <param name="Rank">Without nearness.</param>
    /// <param name="From">What nearness counts from; null from nowhere.</param>
    /// <param name="Of">What it is, or is part of.</param>
    /// <param name="At">The place itself, where it is a part.</param>
    private sealed record Candidate(double Rank, LonLat? From, Named? Of, LonLat? At, string Id, Func<FoundPlace> Make)
    {
        internal double MetersFrom(LonLat point) => At is { } spot ? Geodesy.DistanceMeters(spot, point) : Of!.MetersFrom(point);

        internal double Ranked() => Math.Round(Rank + (From is { } point ? Nearness(MetersFrom(point)) : 0), 6);
    }

    /// <summary>What a place gains by being near, as much as it would where its name is a little likelier; nothing from nowhere.</summary>
    internal static double Nearness(LonLat? from, LonLat at) => from is { } point ? Nearness(Geodesy.DistanceMeters(point, at)) : 0;

    /// <summary>The likeliest places.</summary>
    /// <param name="features">Of layers, as far as the asker may read them.</param>
    internal IReadOnlyList<FoundPlace> Find(PlaceQuestion question, IReadOnlyList<FeatureFound> features)
    {
        foreach (FeatureFound feature in features)
        {
            Add(feature.Id, feature.Name.Score - 0.01, null, null, feature.Feature.At, () => Place(feature));
        }

        Look(question.Text, null);
        foreach ((string rest, Named area) in WithoutAreas(question.Text))
        {
            Look(rest, area);
        }

        // How near a place is decides only among those that it may lift into the answer.
        double[] ranks = [.. found.Values.Select(static one => one.Rank).OrderDescending()];
        double least = ranks.Length <= question.Limit ? double.NegativeInfinity : ranks[question.Limit - 1] - MostNearness;
        return [.. found.Values.Where(one => one.Rank >= least)
            .Select(one => (Candidate: one, Rank: one.Ranked(), Meters: near is { } point ? (double?)Math.Round(one.MetersFrom(point)) : null))
            .OrderByDescending(static one => one.Rank).ThenBy(static one => one.Meters ?? 0).ThenBy(static one => one.Candidate.Id.Length)
            .ThenBy(static one => one.Candidate.Id, StringComparer.Ordinal).Take(question.Limit).Select(static one => one.Candidate.Make() with { Meters = one.Meters })];
    }

    /// <summary>What is left where the text begins with the city, a district, a town, or with several of them.</summary>
    private IEnumerable<(string Text, Named Area)> WithoutAreas(string text)
    {
        for (int depth = 0; depth < 3; depth++)
        {
            (Named? area, string prefix) = gazetteer.Areas.FirstOrDefault(one => text.StartsWith(one.Prefix, StringComparison.Ordinal));
            text = area is null ? "" : text[prefix.Length..].Trim();
            if (area is null || text.Length < 2)
            {
                yield break;
            }

            yield return (text, area);
        }
    }

    private void Look(string text, Named? area)
    {
        (double crossing, bool isName) = (0, false);
        foreach (Reading reading in PlaceQuestion.Readings(text))
        {
            switch (reading)
            {
                case Reading.Name(var name):
                    isName = LookForNames(name, area);
                    break;
                case Reading.House(var street, var number) when kinds.Contains("address"):
                    LookForHouses(street, number, area);
                    break;
                case Reading.Kilometre(var road, var km) when kinds.Contains("street"):
                    LookForKilometre(road, km, area);
                    break;
                case Reading.Crossing two when kinds.Contains("street") && !(two.Loose && crossing > 0.8) && (two.Said || !isName):
                    double likeness = LookForCrossings(two, area);
                    crossing = two.Loose ? crossing : Math.Max(crossing, likeness);
                    break;
                default:
                    break;
            }
        }
    }

    /// <returns>True where it is a name as it stands.</returns>
    private bool LookForNames(string text, Named? area)
    {
        foreach (NameFound name in Names(text))
        {
            Named thing = gazetteer.Named[name.Of];
            if (thing.IsOnMap && kinds.Contains(thing.Kind))
            {
                Add(thing.Id, name.Score - Behind(thing), area, thing, null, () => Place(thing, name));
            }
        }

        if (Categories.TryGetValue(text, out string? sort) && kinds.Contains("poi"))
        {
            foreach (Named site in gazetteer.Named.Where(site => site.Kind == "poi" && site.Sort == sort))
            {
                Add(site.Id, 0.9 - Behind(site), area, site, null, () => Place(site, null));
            }
        }

        return Names(text) is [{ Score: > 0.97 }, ..];
    }

    private void LookForHouses(string text, int number, Named? area)
    {
        NameFound[] streets = [.. Streets(text).Take(8)];
        // Of a street that was meant no other one's houses are neighbours.
        foreach (NameFound name in streets.TakeWhile(name => name.Score > streets[0].Score - 0.2))
        {
            Named street = gazetteer.Named[name.Of];
            string asked = number.ToString(CultureInfo.InvariantCulture);
            HouseFound[] houses = street.Houses is { } known ? [.. known.Find(number)] : [];
            foreach (HouseFound house in houses)
            {
                // 100号 asked for is 100, and 100甲 as well; 1002 is another house.
                bool meant = house.Number.StartsWith(asked, StringComparison.Ordinal) && !(house.Number.Length > asked.Length && char.IsAsciiDigit(house.Number[asked.Length]));
                string id = house.Id is { } address ? FormattableString.Invariant($"address:{address}") : $"{street.Id}:{house.Number}";
                Add(id, name.Score + (meant ? 0.03 : -0.1), area, street, house.At, () => House(id, street, name, house, asked));
            }

            if (houses.Length == 0 && street.IsOnMap && kinds.Contains("street"))
            {
                Add(street.Id, name.Score - 0.05, area, street, null, () => Place(street, name) with
                {
                    Certainty = "street",
                    Note = new PlaceNote("street", $"{asked}号未知,仅到道路", $"No. {asked} is not known, the street alone"),
                });
            }
        }
    }

    /// <param name="asked">The number that was asked for; 1 may be the beginning of 104.</param>
    private static FoundPlace House(string id, Named street, NameFound name, HouseFound house, string asked)
    {
        bool begins = house.Number.StartsWith(asked, StringComparison.Ordinal);
        (IReadOnlyList<int> matched, PlaceNote? why) = name.Explain();
        string number = !street.Name.Any(Pinyin.IsRead) ? " " + house.Number : char.IsAsciiDigit(house.Number[^1]) ? house.Number + "号" : house.Number;
        string shown = street.Name + number;
        (string certainty, PlaceNote? note) = house.Between is var (low, high)
            ? ("interpolated", new PlaceNote("between", $"推算门牌: {low}–{high} 之间", $"Estimated, between {low} and {high}"))
            : begins ? ("exact", null) : ("near", new PlaceNote("near", $"{asked}号未知,近似门牌", $"No. {asked} is not known"));
        IEnumerable<int> digits = begins ? Enumerable.Range(shown.IndexOf(house.Number, street.Name.Length, StringComparison.Ordinal), asked.Length) : [];
        return new FoundPlace(
            id, "address", shown, "门牌 / Address", street.District, house.At.Lon, house.At.Lat, street.Synthetic, certainty, why, note, Ranges([.. matched, .. digits]), null);
    }

    /// <returns>How like the best one is.</returns>
    private double LookForCrossings(Reading.Crossing two, Named? area)
    {
        Dictionary<string, NameFound> ones = ByName(two.One);
        Dictionary<string, NameFound> others = ones.Count == 0 ? ones : ByName(two.Other);
        double best = 0;
        foreach ((string street, NameFound one) in ones.Take(20))
        {
            foreach (NamedCrossing crossing in gazetteer.CrossingsOf(street))
            {
                if (others.TryGetValue(crossing.One == street ? crossing.Other : crossing.One, out NameFound? other))
                {
                    double score = (one.Score + other.Score) / 2 - (two.Said ? 0 : 0.04);
                    best = Math.Max(best, score);
                    string id = FormattableString.Invariant($"crossing:{crossing.Node}");
                    Add(id, score, area, gazetteer.Named[one.Of], crossing.At, () => Crossing(id, crossing, one, other));
                }
            }
        }

        return best;
    }

    private FoundPlace Crossing(string id, NamedCrossing crossing, NameFound one, NameFound other)
    {
        (IReadOnlyList<int> ones, PlaceNote? why) = one.Explain();
        (IReadOnlyList<int> others, PlaceNote? whyOther) = other.Explain();
        (Named street, Named across) = (gazetteer.Named[one.Of], gazetteer.Named[other.Of]);
        string shown = PlaceWords.Crossing(crossing.One, crossing.Other);
        int at = shown.StartsWith(street.Name, StringComparison.Ordinal) ? 0 : shown.LastIndexOf(street.Name, StringComparison.Ordinal);
        int acrossAt = at > 0 ? 0 : shown.LastIndexOf(across.Name, StringComparison.Ordinal);
        return new FoundPlace(
            id, "crossing", shown, "路口 / Crossing", street.District, crossing.At.Lon, crossing.At.Lat, street.Synthetic, "exact", why ?? whyOther, null,
            Ranges([.. ones.Select(place => place + at), .. others.Select(place => place + acrossAt)]), null);
    }

    private void LookForKilometre(string road, double km, Named? area)
    {
        Dictionary<string, NameFound> names = ByName(road);
        foreach (KmPosts posts in gazetteer.Posts)
        {
            bool numbered = posts.Ref is { } reference && PlaceText.Fold(reference).Text == road;
            NameFound? name = names.GetValueOrDefault(posts.Road);
            if ((numbered || name is not null) && posts.Find(km) is var (at, isPost))
            {
                Named? street = name is null ? gazetteer.Named.FirstOrDefault(one => one.Kind == "street" && one.Name == posts.Road) : gazetteer.Named[name.Of];
                string id = FormattableString.Invariant($"km:{posts.Road}:{km:0.###}");
                Add(id, numbered ? 1 : name!.Score, area, street, at, () => Kilometre(id, posts, km, at, isPost, street, numbered ? null : name));
            }
        }
    }

    /// <param name="name">Null where the road was said by its number.</param>
    private static FoundPlace Kilometre(string id, KmPosts posts, double km, LonLat at, bool isPost, Named? street, NameFound? name)
    {
        (IReadOnlyList<int> matched, PlaceNote? why) = name?.Explain() ?? ([.. Enumerable.Range(0, posts.Ref!.Length)], null);
        string shown = $"{(name is null ? $"{posts.Ref} {posts.Road}" : posts.Road)} {KmPosts.Stone(km)}";
        return new FoundPlace(
            id, "km", shown, "里程桩 / Kilometre", street?.District ?? "", at.Lon, at.Lat, street?.Synthetic ?? false, isPost ? "exact" : "interpolated", why,
            isPost ? null : new PlaceNote("posts", "按里程桩推算", "Estimated between kilometre posts"), Ranges(matched), null);
    }

    private void Add(string id, double likeness, Named? area, Named? of, LonLat? at, Func<FoundPlace> make)
    {
        double rank = likeness + (area is null or { Sort: "city" } ? 0 : area.District == of?.District ? 0.04 : -0.15);
        if (!found.TryGetValue(id, out Candidate? known) || known.Rank < rank)
        {
            found[id] = new Candidate(rank, area is { Sort: "town" } ? area.At : near, of, at, id, make);
        }
    }

    private IReadOnlyList<NameFound> Names(string text) => text.Length == 0 ? [] : looked.TryGetValue(text, out IReadOnlyList<NameFound>? known) ? known : looked[text] = gazetteer.Names.Find(text);

    private IEnumerable<NameFound> Streets(string text) => Names(text).Where(name => gazetteer.Named[name.Of].Kind == "street");

    private static FoundPlace Place(Named thing, NameFound? name)
    {
        (IReadOnlyList<int> matched, PlaceNote? why) = name?.Explain() ?? ([], new PlaceNote("category", "类别", "Kind"));
        return new FoundPlace(
            thing.Id, thing.Kind, thing.Name, thing.Detail, thing.District, thing.At.Lon, thing.At.Lat, thing.Synthetic, "exact", why, null, Ranges(matched), null);
    }

    private static FoundPlace Place(FeatureFound found)
    {
        (IReadOnlyList<int> matched, PlaceNote? why) = found.Name.Explain();
        return new FoundPlace(
            found.Id, "layer", found.Feature.Name, found.Layer.Title, "", found.Feature.At.Lon, found.Feature.At.Lat, false, "exact", why, null, Ranges(matched), null);
    }

    /// <summary>The streets that were meant, each name once, the likeliest first.</summary>
    private Dictionary<string, NameFound> ByName(string text)
    {
        var byName = new Dictionary<string, NameFound>(StringComparer.Ordinal);
        foreach (NameFound name in Streets(text))
        {
            byName.TryAdd(gazetteer.Named[name.Of].Name, name);
        }

        return byName;
    }

    private static double Nearness(double meters) => MostNearness / (1 + meters / 3_000);

    private static double Behind(Named thing) => thing.Sort switch
    {
        "city" or "county" or "town" or "hospital" or "ambulance_station" or "fire_station" => 0,
        "village" => 0.015,
        _ => 0.01,
    };

    /// <summary>Single places as ranges.</summary>
    private static int[][] Ranges(IReadOnlyList<int> places)
    {
        var ranges = new List<int[]>();
        foreach (int place in places.Order())
        {
            if (ranges.Count > 0 && ranges[^1][0] + ranges[^1][1] == place)
            {
                ranges[^1][1]++;
            }
            else
            {
                ranges.Add([place, 1]);
            }
        }

        return [.. ranges];
    }
}
