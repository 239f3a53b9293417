namespace GeoDispatch.Roads;

/// <summary>Two or more arcs that may not be driven one after the other.</summary>
/// <param name="ExemptsEmergency">True where vehicles with lights and sirens may.</param>
internal readonly record struct ForbiddenPath(int[] Arcs, bool ExemptsEmergency);

/// <summary>
/// Remembers how much of a forbidden sequence of arcs has just been driven: the automaton of Aho and Corasick (1975) over arcs.
/// State 0 remembers nothing; every other state is the beginning of a forbidden sequence. A sequence that emergency vehicles may drive
/// all the same is forbidden to all others.
/// </summary>
internal sealed class ForbiddenPaths
{
    /// <summary>Given by <see cref="Step"/> where the arc would complete a sequence that is forbidden to all.</summary>
    internal const int Refused = -1;

    private readonly Dictionary<(int State, int Arc), int> children = [];
    private readonly List<int> lastArc = [-1];
    private readonly List<int> fallback = [0];
    // For whom a forbidden sequence is complete here.
    private readonly List<(bool Emergency, bool Others)> complete = [default];

    internal ForbiddenPaths(IEnumerable<ForbiddenPath> sequences)
    {
        foreach (ForbiddenPath sequence in sequences)
        {
            int state = 0;
            foreach (int arc in sequence.Arcs)
            {
                if (!children.TryGetValue((state, arc), out int child))
                {
                    children[(state, arc)] = child = lastArc.Count;
                    lastArc.Add(arc);
                    fallback.Add(0);
                    complete.Add(default);
                }

                state = child;
            }

            complete[state] = (complete[state].Emergency || !sequence.ExemptsEmergency, true);
        }

        // Shorter beginnings first: a state falls back to the longest shorter one that ends in the same arcs.
        foreach (((int parent, int arc), int state) in Breadth())
        {
            fallback[state] = parent == 0 ? 0 : Follow(fallback[parent], arc);
            (bool Emergency, bool Others) shorter = complete[fallback[state]];
            complete[state] = (complete[state].Emergency || shorter.Emergency, complete[state].Others || shorter.Others);
        }
    }

    /// <summary>How many states there are.</summary>
    internal int Count => lastArc.Count;

    /// <summary>False for a state that nobody is ever in: at its end a sequence is complete that is forbidden to all.</summary>
    internal bool MayBeIn(int state) => !complete[state].Emergency;

    /// <summary>True for a state that only emergency vehicles are ever in.</summary>
    internal bool IsForEmergencyAlone(int state) => complete[state].Others;

    /// <summary>The arc that leads into a state other than 0.</summary>
    internal int LastArc(int state) => lastArc[state];

    /// <summary>The state after one more arc, or <see cref="Refused"/>.</summary>
    internal int Step(int state, int arc)
    {
        int next = Follow(state, arc);
        return MayBeIn(next) ? next : Refused;
    }

    private int Follow(int state, int arc)
    {
        while (true)
        {
            if (children.TryGetValue((state, arc), out int next))
            {
                return next;
            }

            if (state == 0)
            {
                return 0;
            }

            state = fallback[state];
        }
    }

    private IEnumerable<KeyValuePair<(int State, int Arc), int>> Breadth()
    {
        ILookup<int, KeyValuePair<(int State, int Arc), int>> below = children.ToLookup(child => child.Key.State);
        var waiting = new Queue<int>([0]);
        while (waiting.TryDequeue(out int state))
        {
            foreach (KeyValuePair<(int State, int Arc), int> child in below[state])
            {
                yield return child;
                waiting.Enqueue(child.Value);
            }
        }
    }
}
