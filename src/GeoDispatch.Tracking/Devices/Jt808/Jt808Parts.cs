namespace GeoDispatch.Tracking.Devices.Jt808;

/// <summary>A message put together of its parts.</summary>
/// <param name="Frame">With the serial of the first part.</param>
/// <param name="Serials">Of every part, first to last: each of them waits for an answer.</param>
internal sealed record Jt808Whole(Jt808Frame Frame, IReadOnlyList<ushort> Serials);

/// <summary>
/// Collects the parts of the messages that one terminal sends, in any order and repeated. Bounded in messages, parts and time: what exceeds a
/// bound is forgotten unanswered, and the terminal sends it again. Belongs to one connection and one thread.
/// </summary>
internal sealed class Jt808Parts
{
    /// <summary>Of one terminal at one time; the oldest goes.</summary>
    internal const int MostMessages = 2;

    /// <summary>Of one message: 64 KB.</summary>
    internal const int MostParts = 64;

    /// <summary>Since the last part came.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly List<Gathering> open = [];
    private Jt808SendAgain? wanted;

    private sealed class Gathering(ushort id, ushort first, int parts)
    {
        internal readonly ushort Id = id;
        internal readonly ushort First = first;
        internal readonly byte[]?[] Bodies = new byte[parts][];
        internal int Missing = parts;
        internal DateTimeOffset Touched;
    }

    /// <summary>The bytes that wait for their missing parts.</summary>
    internal int HeldBytes => open.Sum(static gathering => gathering.Bodies.Sum(static body => body?.Length ?? 0));

    /// <summary>What to ask the terminal for again: told once for each time that a last part came and others are missing.</summary>
    internal Jt808SendAgain? TakeWanted()
    {
        Jt808SendAgain? asked = wanted;
        wanted = null;
        return asked;
    }

    /// <summary>The whole message where this part was the last that it lacked; otherwise null.</summary>
    internal Jt808Whole? Add(Jt808Frame frame, DateTimeOffset now)
    {
        Jt808Header header = frame.Header;
        if (header.Parts <= 1)
        {
            return new Jt808Whole(frame with { Header = header with { Parts = 0, Part = 0 } }, [header.Serial]);
        }

        open.RemoveAll(gathering => now - gathering.Touched > Longest);
        if (header.Parts > MostParts)
        {
            return null;
        }

        // Parts are numbered in a row, so each of them tells the serial of the first.
        ushort first = (ushort)(header.Serial - header.Part + 1);
        Gathering? found = open.Find(gathering => gathering.Id == header.Id && gathering.First == first && gathering.Bodies.Length == header.Parts);
        if (found is null)
        {
            if (open.Count == MostMessages)
            {
                open.RemoveAt(0);
            }

            open.Add(found = new Gathering(header.Id, first, header.Parts));
        }

        found.Touched = now;
        if (found.Bodies[header.Part - 1] is null)
        {
            found.Missing--;
        }

        found.Bodies[header.Part - 1] = frame.Body;
        if (found.Missing > 0)
        {
            if (header.Part == header.Parts)
            {
                wanted = new Jt808SendAgain(first, [.. Enumerable.Range(0, header.Parts).Where(part => found.Bodies[part] is null).Select(static part => (ushort)(part + 1))]);
            }

            return null;
        }

        wanted = null;
        open.Remove(found);
        return new Jt808Whole(
            new Jt808Frame(header with { Serial = first, Parts = 0, Part = 0 }, [.. found.Bodies.SelectMany(static body => body!)]),
            [.. Enumerable.Range(0, header.Parts).Select(part => (ushort)(first + part))]);
    }
}
