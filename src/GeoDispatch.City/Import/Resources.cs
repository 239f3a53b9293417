namespace GeoDispatch.City.Import;

/// <summary>The SQL and Lua files and the tables that are kept in the assembly.</summary>
internal static class Resources
{
    internal static async Task<string> ReadAsync(string name, CancellationToken cancellation)
    {
        await using Stream file = typeof(Resources).Assembly.GetManifestResourceStream($"GeoDispatch.City.{name}")
            ?? throw new InvalidOperationException($"{name} is not in the assembly");
        using var reader = new StreamReader(file);
        return await reader.ReadToEndAsync(cancellation);
    }

    internal static IEnumerable<string> Lines(string name)
    {
        using Stream file = typeof(Resources).Assembly.GetManifestResourceStream($"GeoDispatch.City.{name}")
            ?? throw new InvalidOperationException($"{name} is not in the assembly");
        using var reader = new StreamReader(file);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
