using System.Text.Json;
using GeoDispatch.Host;

namespace GeoDispatch.Testing;

/// <summary>Crews who drive, as <c>simulate</c> runs them: a process of its own that knows only what a crew knows.</summary>
public static class Simulation
{
    /// <summary>Starts the first <paramref name="units"/> crews of the demo city.</summary>
    /// <param name="home">An empty folder, for the file of the crews' credentials.</param>
    /// <param name="pace">How many times faster they act and drive than people do.</param>
    public static async Task<ProductProcess> SimulateAsync(this RunningServer server, string home, int units, double pace)
    {
        await File.WriteAllTextAsync(
            Path.Combine(home, DemoSeed.CredentialsFile), JsonSerializer.Serialize(new { crews = server.Crews }, JsonSerializerOptions.Web));
        return ProductProcess.Start(
            "simulate", "--home", home, "--units", $"{units}", "--url", $"{server.Address}", "--pace", FormattableString.Invariant($"{pace}"));
    }
}
