using GeoDispatch.Postgres;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>A place as a form sends it: see <see cref="IncidentPlace"/>.</summary>
internal sealed record PlaceRequest(double? Lon, double? Lat, string? Address, string? Detail, string? FoundBy, string? CallerWords)
{
    /// <summary>The first thing that is wrong with it, or null.</summary>
    internal static Problem? Check(PlaceRequest? place) =>
        Fields.Place("place", place?.Lon, place?.Lat)
        ?? Fields.Text("place.address", place?.Address, 1, 200)
        ?? Fields.Text("place.detail", place?.Detail, 0, 200)
        ?? (place?.FoundBy is { } foundBy ? Fields.OneOf("place.foundBy", foundBy, IncidentPlace.WaysFound) : null)
        ?? Fields.Text("place.callerWords", place?.CallerWords, 0, 200);

    /// <summary>Once it is checked.</summary>
    internal IncidentPlace ToPlace(bool readBack) =>
        new(Lon!.Value, Lat!.Value, Address!.Trim(), Fields.Trim(Detail), readBack, FoundBy, Fields.Trim(CallerWords));
}
