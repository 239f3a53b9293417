using Xunit;

namespace GeoDispatch.Testing;

/// <summary>Real data that is no part of the product: found by <c>GEODISPATCH_SHARED</c>, else in <c>shared</c> beside the clone.</summary>
public static class SharedData
{
    /// <summary>The path of a file, or the test is skipped and says why.</summary>
    /// <param name="path">Such as <c>data/osm/monaco-latest.osm.pbf</c>.</param>
    public static string OrSkip(string path)
    {
        string folder = Environment.GetEnvironmentVariable("GEODISPATCH_SHARED") ?? Path.Combine(Product.Root, "..", "shared");
        string found = Path.GetFullPath(Path.Combine(folder, path));
        Assert.SkipUnless(File.Exists(found), $"{found} is absent: name the folder of the real data in GEODISPATCH_SHARED");
        return found;
    }
}
