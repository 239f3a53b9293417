using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Filters;

namespace GeoDispatch.Sharing.Features;

/// <summary><c>filter</c>, <c>filter-lang</c> and <c>filter-crs</c> of OGC API – Features Part 3 (19-079r2), read together.</summary>
internal sealed class FilterParameters
{
    internal const string Text = "cql2-text";
    internal const string Json = "cql2-json";

    private string? filter;
    private string language = Text;
    private Crs crs = Crs.Crs84;

    /// <summary>Takes the parameter where it is one of the three; false where it is none.</summary>
    internal bool TryTake(string name, string value, out Problem? refused)
    {
        refused = null;
        switch (name)
        {
            case "filter":
                filter = value;
                return true;
            case "filter-lang":
                language = value;
                refused = value is Text or Json ? null : FeatureQuery.Bad(name, value, $"{Text}, {Json}");
                return true;
            case "filter-crs":
                refused = FeatureQuery.ParseCrs(name, value, out crs);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Gives the refusal, or null where <paramref name="read"/> is the filter; null, too, where none was given.</summary>
    internal Problem? Read(out Expr? read)
    {
        (read, Problem? refused) = filter is null ? (null, null) : language == Json ? Cql2Json.Parse(filter) : Cql2Text.Parse(filter);
        read = read is null || crs == Crs.Crs84 ? read : Cql2Shapes.Placed(read, crs);
        return refused;
    }
}
