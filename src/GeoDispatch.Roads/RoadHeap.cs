namespace GeoDispatch.Roads;

/// <summary>Smallest time first, then smallest number. Four children to a parent: fewer levels, one cache line.</summary>
internal sealed class RoadHeap
{
    private (double Time, int Number)[] items = new (double, int)[256];
    private int count;

    internal void Clear() => count = 0;

    internal void Push(double time, int number)
    {
        if (count == items.Length)
        {
            Array.Resize(ref items, count * 2);
        }

        int place = count++;
        while (place > 0 && Before((time, number), items[(place - 1) >> 2]))
        {
            items[place] = items[(place - 1) >> 2];
            place = (place - 1) >> 2;
        }

        items[place] = (time, number);
    }

    internal bool TryPop(out double time, out int number)
    {
        (time, number) = items[0];
        if (count == 0)
        {
            return false;
        }

        (double Time, int Number) last = items[--count];
        int place = 0;
        while (true)
        {
            int best = 4 * place + 1;
            if (best >= count)
            {
                break;
            }

            int end = Math.Min(best + 4, count);
            for (int child = best + 1; child < end; child++)
            {
                best = Before(items[child], items[best]) ? child : best;
            }

            if (!Before(items[best], last))
            {
                break;
            }

            items[place] = items[best];
            place = best;
        }

        items[place] = last;
        return true;
    }

    private static bool Before((double Time, int Number) a, (double Time, int Number) b) =>
        a.Time < b.Time || (a.Time.Equals(b.Time) && a.Number < b.Number);
}
