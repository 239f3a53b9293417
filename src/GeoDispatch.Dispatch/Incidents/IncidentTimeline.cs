using GeoDispatch.Dispatch.Streams;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>The log of an incident as it is shown: each line with its source, and with what corrects it.</summary>
internal static class IncidentTimeline
{
    /// <summary>By whom what nobody asked for is recorded.</summary>
    private const string System = "system";

    internal static IReadOnlyList<TimelineEntry> Of(IEnumerable<Timeline.Row> rows)
    {
        TimelineEntry[] entries = [.. rows.Select(static row => Timeline.View(row))];
        ILookup<int, int> corrections = entries
            .Where(static entry => entry.Data.TryGetProperty("corrects", out _))
            .ToLookup(static entry => entry.Data.GetProperty("corrects").GetInt32(), static entry => entry.Version);
        return [.. entries.Select(entry => entry with
        {
            Source = SourceOf(entry),
            CorrectedBy = corrections.Contains(entry.Version) ? [.. corrections[entry.Version]] : null,
        })];
    }

    /// <summary>
    /// <c>crew</c>, <c>dispatcher</c>, <c>position</c>, <c>telephone</c>, <c>agency</c> or <c>system</c>. Who wrote it down stands beside it.
    /// </summary>
    private static string? SourceOf(TimelineEntry entry) => entry.Type switch
    {
        _ when entry.By == System => System,
        "milestoneRecorded" => entry.Data.TryGetProperty("source", out var source) ? source.GetString() : null,
        "incidentOpened" or "callJoined" => "telephone",
        // Its own desk says it by telephone or radio.
        "agencyStatusChanged" => "agency",
        _ => "dispatcher",
    };
}
