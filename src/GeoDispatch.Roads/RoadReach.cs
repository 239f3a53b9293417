using System.Runtime.InteropServices;

namespace GeoDispatch.Roads;

/// <summary>
/// How soon every place of the streets is reached from any of some places, or reaches any of them, as far as a number of seconds; with
/// the turns, as one search for that place alone would say.
/// </summary>
internal sealed class RoadReach
{
    private readonly RoadNetwork network;
    private readonly IReadOnlyList<RoadPosition> places;
    private readonly bool isFrom;
    private readonly RoadArrays roads;
    // Crossings that are a place.
    private readonly HashSet<int> nodes;
    // By arc: seconds from where it is left (entered, where it is reached from the places) to the nearest place.
    private readonly Dictionary<int, double> after = [];

    /// <param name="places">Left and reached in either direction, whatever theirs is.</param>
    /// <param name="isFrom">True for the times from the places, false for those to them.</param>
    /// <param name="most">Seconds; longer times are not known.</param>
    internal RoadReach(RoadNetwork network, IReadOnlyList<RoadPosition> places, bool isFrom, double most)
    {
        (this.network, this.places, this.isFrom) = (network, [.. places.Select(place => (isFrom ? place.Reversed : place) with { Direction = RoadDirection.Either })], isFrom);
        roads = isFrom ? network.Weights.ReversedRoads : network.Graph.Arrays;
        nodes = [.. this.places.Where(static place => place.Fraction is <= 0 or >= 1).Select(NodeOf)];
        double[] rows = isFrom ? network.Weights.ReversedRows : network.Weights.Rows;
        foreach (RoadPosition place in this.places)
        {
            network.Graph.Search(isFrom, search =>
            {
                search.Spread(network.Weights, rows, place, most);
                for (int arc = 0; arc < 2 * network.Graph.EdgeCount; arc++)
                {
                    if (search.SecondsAfter(arc) is var seconds && seconds <= most)
                    {
                        ref double known = ref CollectionsMarshal.GetValueRefOrAddDefault(after, arc, out bool exists);
                        known = exists ? Math.Min(known, seconds) : seconds;
                    }
                }

                return true;
            });
        }

        Most = most;
        Edges = [.. after.Keys.Select(static arc => arc >> 1).Concat(places.Select(static place => place.Edge)).Distinct()];
    }

    /// <summary>Times are known up to so many seconds.</summary>
    internal double Most { get; }

    /// <summary>All that is reached lies on these.</summary>
    internal IReadOnlyList<int> Edges { get; }

    /// <summary>Seconds between a place of the streets and the nearest of the places; infinite where it is more than <see cref="Most"/>.</summary>
    internal double Seconds(RoadPosition at)
    {
        RoadPosition position = isFrom ? at.Reversed : at;
        double best = position.Fraction is <= 0 or >= 1 && nodes.Contains(NodeOf(position)) ? 0 : double.PositiveInfinity;
        foreach ((int arc, double ahead) in Leaving(position))
        {
            if (after.TryGetValue(arc, out double left))
            {
                best = Math.Min(best, network.Weights.Part(arc, ahead) + left);
            }

            foreach (RoadPosition place in places.Where(place => place.Edge == arc >> 1))
            {
                double between = ahead - place.Ahead(arc);
                if (between >= 0)
                {
                    best = Math.Min(best, network.Weights.Part(arc, between));
                }
            }
        }

        return best <= Most ? best : double.PositiveInfinity;
    }

    /// <summary>By which arcs a place is left, and what share of them lies ahead: at a crossing by all of them.</summary>
    private IEnumerable<(int Arc, double Ahead)> Leaving(RoadPosition position)
    {
        if (position.Fraction is > 0 and < 1)
        {
            return new[] { 2 * position.Edge, 2 * position.Edge + 1 }.Where(roads.Exists).Select(arc => (arc, position.Ahead(arc)));
        }

        int node = NodeOf(position);
        return roads.Out[roads.OutStart[node]..roads.OutStart[node + 1]].Select(static arc => (arc, 1.0));
    }

    private int NodeOf(RoadPosition position) => position.Fraction <= 0 ? roads.From[position.Edge] : roads.To[position.Edge];
}
