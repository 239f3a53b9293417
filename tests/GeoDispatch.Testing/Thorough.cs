namespace GeoDispatch.Testing;

/// <summary>What takes long to show: whole where <c>GEODISPATCH_PATIENT</c> is set, else as much of it as finds a fault that is not rare.</summary>
public static class Thorough
{
    /// <summary>Somebody waits for the whole of it.</summary>
    public static bool IsWanted { get; } = Environment.GetEnvironmentVariable("GEODISPATCH_PATIENT") is { Length: > 0 };

    /// <param name="whole">How often, where there is time.</param>
    /// <param name="hasty">How often in the run of all tests.</param>
    public static int Times(int whole, int hasty) => IsWanted ? whole : hasty;
}
