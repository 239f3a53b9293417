namespace GeoDispatch.Sharing.Tests.Filters;

/// <summary>A predicate of CQL2's abstract tests.</summary>
/// <param name="Collection">C, P or R: countries, places or rivers of the data set <c>ne110m4cql2</c>.</param>
/// <param name="Count">How many features it is true of.</param>
internal sealed record AnnexPredicate(string Section, string Collection, string Count, string Text);

/// <summary>The predicates of the abstract tests, section by section, from <c>ne110m4cql2.tsv</c>.</summary>
internal static class AnnexPredicates
{
    private const string File = "ne110m4cql2.tsv";

    /// <summary>
    /// Where the standard's figure of 2 cannot be: the data set has three names in Ch (Chengdu, Chicago, Chișinău) and one in Chis
    /// (opengeospatial/ogcapi-features issue 1011).
    /// </summary>
    private static readonly Dictionary<string, string> Corrected = new(StringComparer.Ordinal)
    {
        ["ACCENTI(name) LIKE accenti('Ch%')"] = "3",
        ["ACCENTI(CASEI(name)) LIKE accenti(casei('Chiș%'))"] = "1",
        ["ACCENTI(CASEI(name)) LIKE accenti(casei('cHis%'))"] = "1",
    };

    private static readonly Lazy<AnnexPredicate[]> All = new(() => [.. System.IO.File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Filters", File))
        .Select(static line => line.Split('\t')).Select(static row => new AnnexPredicate(row[0], row[1], Corrected.GetValueOrDefault(row[3], row[2]), row[3]))]);

    /// <summary>Each conformance class that has predicates; of basic-cql2 its logical combinations stand alone.</summary>
    internal static TheoryData<string> Sections => [.. All.Value.Select(static predicate => predicate.Section).Distinct(StringComparer.Ordinal)];

    /// <exception cref="InvalidOperationException">There are none.</exception>
    internal static IReadOnlyList<AnnexPredicate> Of(string section) =>
        All.Value.Where(predicate => predicate.Section == section).ToArray() is { Length: > 0 } some ? some : throw new InvalidOperationException($"No predicates of {section}");
}
