using System.Text.Json;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>One row of the log of an incident.</summary>
internal sealed record EventRow(int Version, string Type, string Data, DateTimeOffset RecordedAt, string RecordedBy);

/// <summary>Where what a line says comes from. A person's name is beside it where a person wrote it.</summary>
internal static class TimelineSource
{
    internal const string Dispatcher = "dispatcher";
    internal const string Agency = "agency";
    internal const string Telephone = "telephone";
    internal const string System = "system";

    /// <summary>Who writes what nobody asked for.</summary>
    internal const string SystemName = "system";

    /// <param name="data">The event as it is stored.</param>
    internal static string? Of(EventRow row, JsonElement data) => row.Type switch
    {
        _ when row.RecordedBy == SystemName => System,
        "milestoneRecorded" => data.TryGetProperty("source", out JsonElement source) ? source.GetString() : null,
        // Its desk says it by telephone or radio; a dispatcher writes it down.
        "agencyStatusChanged" => Agency,
        "incidentOpened" => Telephone,
        _ => Dispatcher,
    };
}

/// <summary>The log of an incident as it is shown: each line with its source, and with what corrects it.</summary>
internal static class Timeline
{
    internal static IReadOnlyList<TimelineEntry> Of(IEnumerable<EventRow> rows)
    {
        (EventRow Row, JsonElement Data)[] read = [.. rows.Select(static row => (row, Parse(row.Data)))];
        ILookup<int, int> corrections = read
            .Where(static line => line.Data.TryGetProperty("corrects", out _))
            .ToLookup(static line => line.Data.GetProperty("corrects").GetInt32(), static line => line.Row.Version);
        return [.. read.Select(line => new TimelineEntry(
            line.Row.Version, line.Row.Type, line.Data.TryGetProperty("at", out JsonElement said) ? said.GetDateTimeOffset() : line.Row.RecordedAt,
            line.Row.RecordedAt, line.Row.RecordedBy, TimelineSource.Of(line.Row, line.Data), [.. corrections[line.Row.Version]], line.Data))];
    }

    private static JsonElement Parse(string data)
    {
        using JsonDocument document = JsonDocument.Parse(data);
        return document.RootElement.Clone();
    }
}
