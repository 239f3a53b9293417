using System.Text.Json;
using GeoDispatch.City.Import;

namespace GeoDispatch.City.Demo;

/// <summary>What is real in the demo city: names and codes, from <c>data/dongying.json</c>.</summary>
internal sealed record DemoFacts(string Code, string Name, string NameEn, IReadOnlyList<DemoFacts.District> Districts)
{
    internal sealed record District(
        string Code, string Name, string NameEn, string ShortName, double[] Seat, IReadOnlyList<Town> Towns);

    internal sealed record Town(string Code, string Name, string NameEn);

    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    internal static DemoFacts Read()
    {
        using Stream file = typeof(DemoFacts).Assembly.GetManifestResourceStream("GeoDispatch.City.dongying.json")
            ?? throw new InvalidOperationException("dongying.json is not in the assembly");
        return JsonSerializer.Deserialize<DemoFacts>(file, Web) ?? throw new InvalidOperationException("dongying.json is empty");
    }
}

/// <summary>Another name of something in the demo city, invented, from <c>data/demo-aliases.csv</c>.</summary>
/// <param name="Of">street, place or poi.</param>
/// <param name="Name">As the map has it.</param>
/// <param name="Kind">alias, old or short.</param>
internal sealed record DemoAlias(string Of, string Name, string Alias, string Kind)
{
    internal static IReadOnlyList<DemoAlias> Read() =>
        [.. Resources.Lines("demo-aliases.csv").Skip(1).Select(static line => line.Split(',')).Select(static cells => new DemoAlias(cells[0], cells[1], cells[2], cells[3]))];
}

/// <summary>Repeatable chance: SplitMix64 (Steele, Lea and Flood 2014), the same numbers on every machine and runtime.</summary>
internal sealed class Chance(ulong seed)
{
    private ulong state = seed;

    /// <summary>0 to 1, 1 excluded.</summary>
    internal double Next()
    {
        state += 0x9E3779B97F4A7C15;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }

    internal double Between(double low, double high) => low + Next() * (high - low);

    /// <summary>0 to <paramref name="count"/> − 1.</summary>
    internal int Below(int count) => (int)(Next() * count);
}
