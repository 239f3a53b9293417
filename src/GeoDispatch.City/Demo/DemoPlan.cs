using GeoDispatch.Spatial;

namespace GeoDispatch.City.Demo;

internal sealed record DemoStreet(
    long Id, string? Name, string Kind, string? Ref, bool Oneway, float SpeedKmh, long FromNode, long ToNode, string District, LonLat From, LonLat To)
{
    internal double LengthMeters => Geodesy.DistanceMeters(From, To);
}

internal sealed record DemoBuilding(string Kind, LonLat SouthWest, LonLat NorthEast);

internal sealed record DemoAddress(string Street, int Number, string District, LonLat At);

internal sealed record DemoArea(string Layer, string Kind, string? Name, IReadOnlyList<LonLat> Ring);

internal sealed record DemoPlace(string Kind, string? Code, string Name, string? NameEn, string District, LonLat At);

internal sealed record DemoPoi(string Kind, string Name, string NameEn, string District, LonLat At);

/// <summary>A stone at each whole kilometre of a highway, from the place that its name begins with.</summary>
internal sealed record DemoKmPost(string Road, string? Ref, int Km, LonLat At);

/// <summary>
/// The demo city as plain values, the same at each run: two urban cores of named grid streets, county seats, towns and villages
/// with smaller grids, and highways between them. Everything but names and codes of districts and towns is invented.
/// </summary>
internal sealed class DemoPlan
{
    internal const ulong Seed = 370500;

    /// <summary>Metres in a degree of latitude, and of longitude at 37.5° north; enough for laying out blocks.</summary>
    private const double MetersNorth = 111_000;
    private const double MetersEast = 88_300;

    internal static readonly Bbox Extent = new(118.05, 36.92, 119.20, 38.12);
    internal static readonly LonLat WesternCore = new(118.495, 37.455);
    internal static readonly LonLat EasternCore = new(118.665, 37.440);

    private static readonly LonLat[] River =
    [
        new(118.05, 37.36), new(118.16, 37.42), new(118.20, 37.55), new(118.33, 37.62), new(118.46, 37.68), new(118.60, 37.70),
        new(118.78, 37.72), new(118.96, 37.76), new(119.20, 37.74),
    ];

    private static readonly LonLat[] Coast =
    [
        new(119.20, 37.20), new(119.02, 37.28), new(118.98, 37.42), new(119.06, 37.60), new(119.12, 37.80), new(118.98, 37.95),
        new(118.80, 38.04), new(118.50, 38.08), new(118.25, 38.10), new(118.20, 38.12), new(119.20, 38.12),
    ];

    private readonly Chance chance = new(Seed);
    private readonly List<LonLat> nodes = [];
    private readonly List<Grid> grids = [];

    private DemoPlan()
    {
    }

    internal List<DemoStreet> Streets { get; } = [];

    internal List<DemoBuilding> Buildings { get; } = [];

    internal List<DemoAddress> Addresses { get; } = [];

    internal List<DemoArea> Areas { get; } = [];

    internal List<DemoPlace> Places { get; } = [];

    internal List<DemoPoi> Pois { get; } = [];

    internal List<DemoKmPost> KmPosts { get; } = [];

    /// <summary>One laid-out grid: its corner nodes serve as the ends of highways.</summary>
    private sealed record Grid(string Name, string Rank, string District, LonLat Center, int Columns, int Rows, long FirstNode)
    {
        internal long Node(int column, int row) => FirstNode + (long)row * Columns + column;
    }

    internal static DemoPlan Make(DemoFacts facts)
    {
        var plan = new DemoPlan();
        plan.Areas.Add(new DemoArea("water", "sea", "演示海域", Coast));
        plan.Areas.Add(new DemoArea("water", "river", "演示河（合成）", Ribbon(River, 300)));
        DemoFacts.District central = facts.Districts[0];
        plan.Places.Add(new DemoPlace("city", facts.Code, facts.Name, facts.NameEn, central.Code, new LonLat(118.58, 37.46)));
        plan.AddGrid("西城", "core", central.Code, WesternCore, 84, 84, 120, StreetNames.West, column => $"西{StreetNames.Number(column + 1)}路");
        plan.AddGrid("东城", "core", central.Code, EasternCore, 84, 84, 120, StreetNames.East, column => $"东{StreetNames.Number(column + 1)}路");
        foreach (DemoFacts.District district in facts.Districts)
        {
            plan.AddSeat(district);
        }

        foreach (DemoFacts.District district in facts.Districts)
        {
            plan.AddTowns(district);
        }

        plan.AddHighways();
        DemoSites.Add(plan.Pois, facts, plan.chance);
        return plan;
    }

    private void AddSeat(DemoFacts.District district)
    {
        var seat = new LonLat(district.Seat[0], district.Seat[1]);
        Places.Add(new DemoPlace("county", district.Code, district.Name, district.NameEn, district.Code, seat));
        AddGrid(
            district.ShortName, "seat", district.Code, seat, 38, 38, 120,
            row => $"{district.ShortName}{StreetNames.Number(row + 1)}街", column => $"{district.ShortName}{StreetNames.Number(column + 1)}路");
    }

    private void AddTowns(DemoFacts.District district)
    {
        var seat = new LonLat(district.Seat[0], district.Seat[1]);
        foreach (DemoFacts.Town town in district.Towns)
        {
            if (town.Name.EndsWith("街道", StringComparison.Ordinal))
            {
                // A subdistrict is a part of the urban area around the seat, not a settlement of its own.
                Places.Add(new DemoPlace("town", town.Code, town.Name, town.NameEn, district.Code, Shift(seat, chance.Between(-2_000, 2_000), chance.Between(-2_000, 2_000))));
                continue;
            }

            LonLat at = FreeSpot(seat, 9_000, 26_000, 5_500);
            string name = town.Name[..^1];
            Places.Add(new DemoPlace("town", town.Code, town.Name, town.NameEn, district.Code, at));
            AddGrid(
                town.Name, "town", district.Code, at, 15, 15, 110,
                row => $"{name}{StreetNames.Number(row + 1)}街", column => $"{name}{StreetNames.Number(column + 1)}路");
            for (int i = 1; i <= 15; i++)
            {
                LonLat village = FreeSpot(at, 1_900, 8_500, 1_500);
                string villageName = $"{name}{StreetNames.Number(i)}村（演示）";
                Places.Add(new DemoPlace("village", null, villageName, null, district.Code, village));
                AddGrid(villageName, "village", district.Code, village, 5, 5, 80, row => row == 2 ? $"{name}{StreetNames.Number(i)}村中街" : null, _ => null);
            }
        }
    }

    /// <summary>A spot in a ring around a centre, on land, away from the river and from what is laid out already.</summary>
    private LonLat FreeSpot(LonLat center, double nearest, double farthest, double apart)
    {
        for (int tries = 0; ; tries++)
        {
            double angle = chance.Between(0, 2 * Math.PI);
            double radius = chance.Between(nearest, farthest + tries * 40);
            LonLat spot = Shift(center, radius * Math.Cos(angle), radius * Math.Sin(angle));
            bool free = spot.Lon > Extent.West + 0.03 && spot.Lon < Extent.East - 0.03
                && spot.Lat > Extent.South + 0.03 && spot.Lat < Extent.North - 0.03
                && !Inside(Coast, spot)
                && River.All(bend => Geodesy.DistanceMeters(bend, spot) > 1_500)
                && grids.TrueForAll(grid => Geodesy.DistanceMeters(grid.Center, spot) > apart * (1 - Math.Min(0.6, tries / 4_000.0)) + ReachMeters(grid));
            if (free || tries > 20_000)
            {
                return spot;
            }
        }
    }

    private static double ReachMeters(Grid grid) => grid.Rank switch { "core" => 6_500, "seat" => 3_000, "town" => 900, _ => 0 };

    /// <summary>Lays out a grid: nodes, streets along rows and columns, and what stands in its blocks.</summary>
    private void AddGrid(
        string name, string rank, string district, LonLat center, int columns, int rows, double spacing,
        Func<int, string?> rowName, Func<int, string?> columnName)
    {
        var grid = new Grid(name, rank, district, center, columns, rows, nodes.Count);
        grids.Add(grid);
        if (rank != "village")
        {
            // What is built over, to the middle of the blocks that nobody drew around it.
            (double east, double north) = (columns * spacing / 2, rows * spacing / 2);
            Areas.Add(new DemoArea("land", "residential", null, Box((Shift(center, -east, -north), Shift(center, east, north)))));
        }

        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                nodes.Add(Shift(
                    center,
                    (column - (columns - 1) / 2.0) * spacing + chance.Between(-6, 6),
                    (row - (rows - 1) / 2.0) * spacing + chance.Between(-6, 6)));
            }
        }

        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                if (column + 1 < columns)
                {
                    AddGridStreet(grid, rowName(row), row, rows, grid.Node(column, row), grid.Node(column + 1, row));
                }

                if (row + 1 < rows)
                {
                    AddGridStreet(grid, columnName(column), column, columns, grid.Node(column, row), grid.Node(column, row + 1));
                }

                if (column + 1 < columns && row + 1 < rows)
                {
                    AddBlock(grid, rowName, column, row);
                }
            }
        }
    }

    /// <summary>
    /// Every sixth street is a main one. Of the small streets of a core, two in each six are one-way, against each other; the
    /// streets around and between them go both ways, so that every place stays within reach.
    /// </summary>
    private void AddGridStreet(Grid grid, string? name, int index, int count, long from, long to)
    {
        bool edge = index == 0 || index == count - 1;
        (string kind, float speed) = (grid.Rank, index % 12, index % 6) switch
        {
            ("core", 0, _) => ("primary", 60f),
            ("core" or "seat", _, 0) => ("secondary", 50f),
            ("core" or "seat", _, 3) => ("tertiary", 40f),
            ("town", _, 0) => ("tertiary", 40f),
            ("village", _, _) => ("living_street", 20f),
            _ => ("residential", 30f),
        };
        bool oneway = grid.Rank == "core" && !edge && (index % 6 is 1 or 2);
        bool backwards = oneway && index % 6 == 2;
        AddStreet(name, kind, null, oneway, speed, backwards ? to : from, backwards ? from : to, grid.District);
    }

    private void AddStreet(string? name, string kind, string? reference, bool oneway, float speed, long from, long to, string district) =>
        Streets.Add(new DemoStreet(Streets.Count + 1, name, kind, reference, oneway, speed, from + 1, to + 1, district, nodes[(int)from], nodes[(int)to]));

    /// <summary>One block: two buildings with their addresses, or a park in every fortieth.</summary>
    private void AddBlock(Grid grid, Func<int, string?> rowName, int column, int row)
    {
        LonLat southWest = nodes[(int)grid.Node(column, row)];
        LonLat northEast = nodes[(int)grid.Node(column + 1, row + 1)];
        if (grid.Rank is "core" or "seat" && (column * 7 + row * 11) % 40 == 0)
        {
            Areas.Add(new DemoArea("land", "park", null, Box(Inset(southWest, northEast, 0.1, 0.1, 0.9, 0.9))));
            Areas.Add(new DemoArea("water", "pond", null, Box(Inset(southWest, northEast, 0.35, 0.35, 0.7, 0.65))));
            return;
        }

        if (grid.Rank == "village" && (column + row) % 2 == 1)
        {
            return;
        }

        string kind = grid.Rank is "village" ? "house" : (column + row) % 5 == 0 ? "commercial" : "residential";
        double right = chance.Between(0.6, 0.88);
        // House numbers rise eastwards: even on the north side of a street, odd on its south side.
        AddBuilding(grid, rowName(row), 2 * (column + 1), kind, Inset(southWest, northEast, 0.14, 0.14, right, 0.42), southern: true);
        AddBuilding(grid, rowName(row + 1), 2 * column + 1, kind, Inset(southWest, northEast, 0.14, 0.58, right, 0.86), southern: false);
    }

    private void AddBuilding(Grid grid, string? street, int number, string kind, (LonLat SouthWest, LonLat NorthEast) box, bool southern)
    {
        Buildings.Add(new DemoBuilding(kind, box.SouthWest, box.NorthEast));
        if (street is not null)
        {
            double lon = (box.SouthWest.Lon + box.NorthEast.Lon) / 2;
            Addresses.Add(new DemoAddress(street, number, grid.District, new LonLat(lon, southern ? box.SouthWest.Lat : box.NorthEast.Lat)));
        }
    }

    /// <summary>
    /// Joins every grid to the nearest one of at least its own rank that was laid out before it, which makes one connected
    /// net, and the cores and seats among themselves by roads with separate carriageways.
    /// </summary>
    private void AddHighways()
    {
        for (int i = 1; i < grids.Count; i++)
        {
            Grid grid = grids[i];
            Grid[] before = [.. grids.Take(i).Where(other => other.Rank != "village")
                .OrderBy(other => Geodesy.DistanceMeters(other.Center, grid.Center)).Take(grid.Rank == "village" ? 1 : 2)];
            foreach (Grid other in before)
            {
                Link(grid, other);
            }
        }
    }

    private void Link(Grid a, Grid b)
    {
        (long from, long to) = ClosestNodes(a, b);
        bool trunk = a.Rank is "core" or "seat" && b.Rank is "core" or "seat";
        (string kind, float speed) = trunk ? ("trunk", 80f) : a.Rank == "town" ? ("primary", 60f) : ("tertiary", 40f);
        string name = $"{b.Name}{a.Name}".Replace("（演示）", "", StringComparison.Ordinal) + (trunk ? "快速路" : "线");
        string? reference = trunk ? $"S{300 + grids.IndexOf(a)}" : null;
        int first = Streets.Count;
        if (trunk)
        {
            AddCarriageway(name, kind, reference, true, speed, from, to, 12, a.District);
            first = Streets.Count;
            AddCarriageway(name, kind, reference, true, speed, to, from, 12, a.District);
        }
        else
        {
            AddCarriageway(name, kind, reference, false, speed, from, to, 0, a.District);
        }

        LonLat[] driven = [.. Streets[first..].Select(static street => street.To)];
        AddKmPosts(name, reference, trunk ? [nodes[(int)to], .. driven] : [.. driven.Reverse(), nodes[(int)from]]);
    }

    /// <summary>One post a kilometre along a line, counted from its start; none at the start.</summary>
    private void AddKmPosts(string road, string? reference, LonLat[] line)
    {
        double passed = 0;
        int km = 1;
        for (int i = 1; i < line.Length; i++)
        {
            double length = Geodesy.DistanceMeters(line[i - 1], line[i]);
            for (; km * 1_000 <= passed + length; km++)
            {
                LonLat at = Geodesy.Between(line[i - 1], line[i], (km * 1_000 - passed) / length);
                KmPosts.Add(new DemoKmPost(road, reference, km, new LonLat(Math.Round(at.Lon, 7), Math.Round(at.Lat, 7))));
            }

            passed += length;
        }
    }

    /// <summary>A line of edges of about 500 m, bowed to the right of travel by <paramref name="aside"/> metres.</summary>
    private void AddCarriageway(
        string name, string kind, string? reference, bool oneway, float speed, long from, long to, double aside, string district)
    {
        LonLat start = nodes[(int)from];
        LonLat end = nodes[(int)to];
        int parts = Math.Max(1, (int)(Geodesy.DistanceMeters(start, end) / 500));
        double bearing = Geodesy.BearingDegrees(start, end) * Math.PI / 180;
        long last = from;
        for (int part = 1; part <= parts; part++)
        {
            long next = to;
            if (part < parts)
            {
                next = nodes.Count;
                double bow = aside + 25 * Math.Sin(Math.PI * part / parts) * (aside > 0 ? 0 : 1);
                nodes.Add(Shift(Geodesy.Between(start, end, part / (double)parts), bow * Math.Cos(bearing), -bow * Math.Sin(bearing)));
            }

            AddStreet(name, kind, reference, oneway, speed, last, next, district);
            last = next;
        }
    }

    private (long From, long To) ClosestNodes(Grid a, Grid b)
    {
        long from = Rim(a).MinBy(node => Geodesy.DistanceMeters(nodes[(int)node], b.Center));
        long to = Rim(b).MinBy(node => Geodesy.DistanceMeters(nodes[(int)node], nodes[(int)from]));
        return (from, to);
    }

    private static IEnumerable<long> Rim(Grid grid) => Enumerable.Range(0, grid.Columns)
        .SelectMany(column => new[] { grid.Node(column, 0), grid.Node(column, grid.Rows - 1) })
        .Concat(Enumerable.Range(0, grid.Rows).SelectMany(row => new[] { grid.Node(0, row), grid.Node(grid.Columns - 1, row) }));

    internal static LonLat Shift(LonLat from, double eastMeters, double northMeters) =>
        new(Math.Round(from.Lon + eastMeters / MetersEast, 7), Math.Round(from.Lat + northMeters / MetersNorth, 7));

    private static (LonLat SouthWest, LonLat NorthEast) Inset(LonLat sw, LonLat ne, double west, double south, double east, double north) =>
        (new LonLat(sw.Lon + (ne.Lon - sw.Lon) * west, sw.Lat + (ne.Lat - sw.Lat) * south),
         new LonLat(sw.Lon + (ne.Lon - sw.Lon) * east, sw.Lat + (ne.Lat - sw.Lat) * north));

    internal static LonLat[] Box((LonLat SouthWest, LonLat NorthEast) box) =>
        [box.SouthWest, new(box.NorthEast.Lon, box.SouthWest.Lat), box.NorthEast, new(box.SouthWest.Lon, box.NorthEast.Lat)];

    private static LonLat[] Ribbon(LonLat[] line, double halfWidth) =>
        [.. line.Select(point => Shift(point, 0, halfWidth)), .. line.Reverse().Select(point => Shift(point, 0, -halfWidth))];

    /// <summary>Even–odd rule.</summary>
    private static bool Inside(LonLat[] ring, LonLat point)
    {
        bool inside = false;
        for (int i = 0, j = ring.Length - 1; i < ring.Length; j = i++)
        {
            if (ring[i].Lat > point.Lat != ring[j].Lat > point.Lat
                && point.Lon < (ring[j].Lon - ring[i].Lon) * (point.Lat - ring[i].Lat) / (ring[j].Lat - ring[i].Lat) + ring[i].Lon)
            {
                inside = !inside;
            }
        }

        return inside;
    }
}
