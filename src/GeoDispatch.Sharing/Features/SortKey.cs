using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Sharing.Filters;

namespace GeoDispatch.Sharing.Features;

/// <summary>
/// A column that features are ordered by. What has no value counts as greater than every value. Texts are ordered by the code points
/// of their first 200 characters: so much of the last one goes into the link to the next page.
/// </summary>
internal sealed record SortKey(LayerColumn Column, bool Descending)
{
    /// <summary>Of one request.</summary>
    internal const int Most = 4;

    private const int TextCharacters = 200;

    internal bool IsText => Queryables.KindOf(Column.Type) == ValueKind.Text;

    /// <summary>The value in SQL that decides. It names its table: a bare name in ORDER BY may be one of what SELECT gives.</summary>
    internal string Value => IsText
        ? $"left(source.{SqlParameters.Quoted(Column.Name)}::text, {TextCharacters}) COLLATE \"C\""
        : $"source.{SqlParameters.Quoted(Column.Name)}";

    internal string OrderBy => $"{Value} {(Descending ? "DESC NULLS FIRST" : "ASC NULLS LAST")}";

    /// <summary>Gives the refusal, or null where <paramref name="keys"/> says how to order.</summary>
    /// <param name="text">Names in their order, separated by commas; a minus before one has the greatest first.</param>
    internal static Problem? Parse(string text, Layer layer, out IReadOnlyList<SortKey> keys)
    {
        var read = new List<SortKey>();
        keys = read;
        foreach (string part in text.Split(','))
        {
            // A plus that was not encoded arrives as a blank.
            string name = part.TrimStart(' ').TrimStart('+', '-');
            if (part.Length - name.Length > 1 || layer.FindColumn(name) is not { } column || Queryables.KindOf(column.Type) is null or ValueKind.Array)
            {
                string names = string.Join(", ", layer.Columns.Where(one => Queryables.KindOf(one.Type) is not (null or ValueKind.Array)).Select(one => one.Name).Take(100));
                return FeatureQuery.Bad("sortby", text, $"+属性 或 -属性,以逗号分隔 / +name or -name, separated by commas: {names}");
            }

            read.Add(new SortKey(column, part.StartsWith('-')));
        }

        return read.Count > Most || read.DistinctBy(key => key.Column.Name).Count() < read.Count
            ? FeatureQuery.Bad("sortby", text, $"最多 {Most} 个不同的属性 / At most {Most} properties, each once")
            : null;
    }
}
