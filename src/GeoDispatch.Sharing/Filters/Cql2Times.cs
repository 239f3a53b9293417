namespace GeoDispatch.Sharing.Filters;

/// <summary>From when to when, in SQL. An instant begins and ends at once.</summary>
internal sealed record TimeSpanSql(Fragment Start, Fragment End, bool IsInterval)
{
    internal bool IsOfDays => Start.Kind == ValueKind.Date && End.Kind == ValueKind.Date;
}

/// <summary>
/// The temporal functions, in the words of Allen (1983). Days are compared as days; beside an instant, a day is all of its
/// time in UTC.
/// </summary>
internal static class Cql2Times
{
    /// <summary>Null where the function compares intervals alone and was given an instant.</summary>
    internal static string? Condition(string function, TimeSpanSql left, TimeSpanSql right)
    {
        bool days = left.IsOfDays && right.IsOfDays;
        (string aStart, string aEnd) = Ends(left, days);
        (string bStart, string bEnd) = Ends(right, days);
        string? ofInstants = function switch
        {
            "t_after" => $"({aStart} > {bEnd})",
            "t_before" => $"({aEnd} < {bStart})",
            "t_disjoint" => $"({aStart} > {bEnd} OR {aEnd} < {bStart})",
            "t_intersects" => $"({aStart} <= {bEnd} AND {aEnd} >= {bStart})",
            "t_equals" => $"({aStart} = {bStart} AND {aEnd} = {bEnd})",
            _ => null,
        };
        return ofInstants is not null || !left.IsInterval || !right.IsInterval ? ofInstants : function switch
        {
            "t_contains" => $"({aStart} < {bStart} AND {aEnd} > {bEnd})",
            "t_during" => $"({aStart} > {bStart} AND {aEnd} < {bEnd})",
            "t_finishedBy" => $"({aStart} < {bStart} AND {aEnd} = {bEnd})",
            "t_finishes" => $"({aStart} > {bStart} AND {aEnd} = {bEnd})",
            "t_meets" => $"({aEnd} = {bStart})",
            "t_metBy" => $"({aStart} = {bEnd})",
            "t_overlappedBy" => $"({aStart} > {bStart} AND {aStart} < {bEnd} AND {aEnd} > {bEnd})",
            "t_overlaps" => $"({aStart} < {bStart} AND {aEnd} > {bStart} AND {aEnd} < {bEnd})",
            "t_startedBy" => $"({aStart} = {bStart} AND {aEnd} > {bEnd})",
            "t_starts" => $"({aStart} = {bStart} AND {aEnd} < {bEnd})",
            _ => null,
        };
    }

    private static (string Start, string End) Ends(TimeSpanSql span, bool days) =>
        (End(span.Start, days, "0"), End(span.End, days, "86399.999999"));

    private static string End(Fragment instant, bool days, string seconds) => instant.Kind switch
    {
        ValueKind.Timestamp => instant.Sql,
        _ when days => $"{instant.Sql}::date",
        _ => $"(({instant.Sql}::date + interval '{seconds} seconds') AT TIME ZONE 'UTC')",
    };
}
