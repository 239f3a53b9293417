namespace GeoDispatch.Roads;

/// <summary>
/// Many places of the streets, such as a city's addresses, and which of them are reached from somewhere within a time. The answer is a
/// set of bits, one for each place in the order given: sets of many units are then counted and compared a word at a time. Unchanging;
/// safe to share between threads.
/// </summary>
public sealed class RoadCatchment
{
    private readonly RoadGraph graph;
    // By edge, from start[edge] to start[edge + 1]: which places lie on it, and how far along.
    private readonly int[] start, place;
    private readonly double[] fraction;

    /// <param name="graph">The streets that the places lie on.</param>
    /// <param name="places">Null for one that no street leads to: it is in no set.</param>
    public RoadCatchment(RoadGraph graph, IReadOnlyList<RoadPosition?> places)
    {
        (this.graph, Count) = (graph, places.Count);
        start = new int[graph.EdgeCount + 1];
        foreach (RoadPosition? position in places)
        {
            if (position is { } known)
            {
                start[known.Edge + 1]++;
            }
        }

        for (int edge = 0; edge < graph.EdgeCount; edge++)
        {
            start[edge + 1] += start[edge];
        }

        (place, fraction) = (new int[start[^1]], new double[start[^1]]);
        int[] next = start[..^1];
        for (int index = 0; index < places.Count; index++)
        {
            if (places[index] is { } known)
            {
                int at = next[known.Edge]++;
                // What lies at a crossing belongs to its street: it is reached over that.
                (place[at], fraction[at]) = (index, Math.Clamp(known.Fraction, 1e-9, 1 - 1e-9));
            }
        }
    }

    /// <summary>How many places there are.</summary>
    public int Count { get; }

    /// <summary>How many words of 64 bits a set takes.</summary>
    public int Words => (Count + 63) / 64;

    /// <summary>
    /// The places that are reached from <paramref name="from"/>, left in either direction, within a time: bit <c>i &amp; 63</c> of word
    /// <c>i &gt;&gt; 6</c> for place <c>i</c>. Exact, one bounded search.
    /// </summary>
    /// <param name="network">Of the graph that the places lie on.</param>
    /// <param name="seconds">0 or more.</param>
    /// <exception cref="ArgumentException">The network is of another graph.</exception>
    public ulong[] Within(RoadNetwork network, RoadPosition from, double seconds)
    {
        if (network.Graph != graph)
        {
            throw new ArgumentException("The places lie on the streets of another graph.", nameof(network));
        }

        // The network that runs backwards: there the search comes to whoever is reached from the place.
        RoadPosition source = from.Reversed;
        RoadWeights weights = network.Weights;
        RoadArrays roads = weights.ReversedRoads;
        return network.Graph.Search(backwards: true, search =>
        {
            search.Spread(weights, weights.ReversedRows, source, seconds);
            var within = new ulong[Words];
            for (int edge = 0; edge < graph.EdgeCount; edge++)
            {
                if (start[edge] == start[edge + 1])
                {
                    continue;
                }

                for (int arc = 2 * edge; arc <= 2 * edge + 1; arc++)
                {
                    if (!roads.Exists(arc))
                    {
                        continue;
                    }

                    double after = search.SecondsAfter(arc);
                    if (after > seconds && edge != source.Edge)
                    {
                        continue;
                    }

                    for (int at = start[edge]; at < start[edge + 1]; at++)
                    {
                        // Backwards the edge's fraction counts from its other end.
                        double ahead = (arc & 1) == 0 ? fraction[at] : 1 - fraction[at];
                        double between = edge == source.Edge ? ahead - source.Ahead(arc) : -1;
                        if (weights.Part(arc, ahead) + after <= seconds || (between >= 0 && weights.Part(arc, between) <= seconds))
                        {
                            within[place[at] >> 6] |= 1UL << place[at];
                        }
                    }
                }
            }

            return within;
        });
    }
}
