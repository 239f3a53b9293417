using System.Globalization;
using Npgsql;

#pragma warning disable RS0030 // The banned clocks stand here to be found.
namespace GeoDispatch.Architecture.Tests.BrokenSamples;

/// <summary>Types that break the rules, so that each check is seen to find what it looks for.</summary>
internal static class PureDecider
{
    internal static string Decide(IReadOnlyList<int> state, DateTimeOffset now) =>
        string.Join(',', state.Where(number => number > now.Hour).Select(number => number.ToString(CultureInfo.InvariantCulture)));
}

internal sealed class ClockDecider(TimeProvider clock)
{
    internal bool Decide(DateTimeOffset due) => clock.GetUtcNow() > due;
}

internal static class WallClockDecider
{
    internal static bool Decide(DateTimeOffset due) => DateTimeOffset.UtcNow > due;
}

internal static class LambdaDecider
{
    internal static int Decide(IEnumerable<DateTime> due) => due.Count(moment => moment < DateTime.UtcNow);
}

internal static class HiddenDecider
{
    internal static string Decide(string name) => Innocent.Look(name);

    private static class Innocent
    {
        internal static string Look(string name) => File.ReadAllText(name);
    }
}

internal static class DatabaseDecider
{
    internal static async Task<bool> DecideAsync(NpgsqlDataSource source)
    {
        await using NpgsqlCommand command = source.CreateCommand("SELECT true");
        return (bool)(await command.ExecuteScalarAsync())!;
    }
}

internal static class ChanceDecider
{
    internal static Guid Decide() => Guid.NewGuid();
}

/// <summary>Nobody inherits it, and it is not sealed.</summary>
public class LeftOpen
{
    public int Number { get; init; }
}
#pragma warning restore RS0030
