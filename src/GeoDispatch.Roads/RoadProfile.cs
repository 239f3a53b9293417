namespace GeoDispatch.Roads;

/// <summary>What drives: it decides which streets and turns are open to it and how fast it goes there.</summary>
public enum RoadProfile
{
    /// <summary>
    /// With lights and sirens (<c>emergency</c>): may pass what is named as open to emergency vehicles, and turns where these are exempt.
    /// </summary>
    Emergency,

    /// <summary>Everybody else (<c>normal</c>).</summary>
    Normal,

    /// <summary>A large vehicle with lights and sirens (<c>large</c>), such as a ladder: as the first, and not under or over what does not bear it.</summary>
    Large,
}

/// <summary>A closure or slow-down that is in force, on the arcs of one graph.</summary>
/// <param name="Id">Of the closure, as the desk knows it.</param>
/// <param name="Arcs">2·edge along the geometry, 2·edge+1 against it; whole edges, from crossing to crossing.</param>
/// <param name="SpeedFactor">0 closed to passing; between 0 and 1 the share of the usual speed that is left.</param>
/// <param name="EmergencyPasses">True where vehicles with lights and sirens are let through as if nothing were there.</param>
public sealed record RoadCondition(Guid Id, IReadOnlyList<int> Arcs, double SpeedFactor, bool EmergencyPasses);
