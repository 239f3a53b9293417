namespace GeoDispatch.City.Places;

/// <summary>One place that the words may mean.</summary>
/// <param name="Kind">address, street, place, poi, crossing or km.</param>
/// <param name="Certainty">
/// exact: known to be here; interpolated: worked out from known ones on both sides; near: another house number, as the one asked for is not
/// known; street: of a street whose house numbers are not known.
/// </param>
/// <param name="Why">Why it was found, where not by its name.</param>
/// <param name="Note">What <paramref name="Certainty"/> rests on, such as the house numbers on both sides; null where it is exact.</param>
/// <param name="Highlights">The parts of <paramref name="Name"/> that were meant: first character and length, each.</param>
/// <param name="Meters">From the point that was asked near; null without one.</param>
internal sealed record FoundPlace(
    string Id, string Kind, string Name, string Detail, string District, double Lon, double Lat, bool Synthetic,
    string Certainty, PlaceNote? Why, PlaceNote? Note, IReadOnlyList<int[]> Highlights, double? Meters);

/// <summary>The likeliest place first.</summary>
internal sealed record FoundPlaces(IReadOnlyList<FoundPlace> Places);
