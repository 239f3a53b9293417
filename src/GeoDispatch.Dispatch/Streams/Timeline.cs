using System.Text.Json;
using System.Text.Json.Nodes;

namespace GeoDispatch.Dispatch.Streams;

/// <summary>One event of a log, as shown.</summary>
/// <param name="At">When it happened.</param>
/// <param name="RecordedAt">When we were told.</param>
/// <param name="By">Who wrote it.</param>
/// <param name="Source">Where what it says comes from, in logs that tell; null in those of before.</param>
/// <param name="CorrectedBy">Versions of the lines that correct this one, which stays as it was written; null where none does.</param>
internal sealed record TimelineEntry(
    int Version, string Type, DateTimeOffset At, DateTimeOffset RecordedAt, string By, JsonElement Data, string? Source = null,
    IReadOnlyList<int>? CorrectedBy = null);

/// <summary>Reads a log for people.</summary>
internal static class Timeline
{
    internal sealed record Row(int Version, string Type, string Data, DateTimeOffset RecordedAt, string RecordedBy);

    /// <summary>The statement that gives the rows of the stream <c>@id</c>.</summary>
    /// <param name="kind">Name of the kind of stream: constant text.</param>
    internal static string Select(string kind) => $"""
        SELECT version, type, data::text AS Data, recorded_at AS RecordedAt, recorded_by AS RecordedBy
        FROM dispatch.{kind}_event WHERE {kind}_id = @id ORDER BY version
        """;

    /// <param name="hidden">A member that is not shown.</param>
    internal static TimelineEntry View(Row row, string? hidden = null)
    {
        JsonObject data = JsonNode.Parse(row.Data)!.AsObject();
        if (hidden is not null)
        {
            data.Remove(hidden);
        }

        JsonElement shown = JsonSerializer.SerializeToElement(data);
        DateTimeOffset at = shown.TryGetProperty("at", out JsonElement said) ? said.GetDateTimeOffset() : row.RecordedAt;
        return new TimelineEntry(row.Version, row.Type, at, row.RecordedAt, row.RecordedBy, shown);
    }
}

/// <summary>A stream as it is answered with.</summary>
internal interface IStreamView
{
    Guid Id { get; }

    int Version { get; }
}
