namespace GeoDispatch.Dispatch.Recommendation;

/// <summary>
/// When a unit that is on its way to one incident may be proposed for another: so much sooner it must be there than the first one that is
/// free. The table is data (<c>dispatch.divert_policy</c>); a pair that is not in it is never diverted. With a patient on board nobody is.
/// </summary>
/// <param name="SavedSeconds">By the priority that it leaves and the one that it goes to, 1 to 4: the least that is saved.</param>
internal sealed record DivertPolicy(IReadOnlyDictionary<(int From, int To), double> SavedSeconds)
{
    /// <summary>Null where a unit under way to the one is never sent to the other.</summary>
    internal double? LeastSaved(int from, int to) => SavedSeconds.TryGetValue((from, to), out double seconds) ? seconds : null;
}
