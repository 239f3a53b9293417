using System.Globalization;
using GeoDispatch.Dispatch.Calls;

namespace GeoDispatch.Dispatch.Alarms;

/// <summary>Whom an alarm concerns: there it sounds and is pinned. Everybody else has it in the list.</summary>
/// <param name="Whom">
/// <c>ownSeat</c>, where its incident is worked on; <c>nextSeat</c> and <c>supervisor</c>, to whom it was passed on since nobody confirmed it;
/// <c>everyDesk</c> where it is nobody's own, or nobody sits where it belongs.
/// </param>
/// <param name="Seat">Null for every desk.</param>
/// <param name="Since">When it was raised, or passed on.</param>
internal sealed record Concern(string Whom, string? Seat, DateTimeOffset Since)
{
    internal static Concern EveryDesk(DateTimeOffset since) => new("everyDesk", null, since);

    /// <summary>
    /// Whom an alarm concerns with these seats taken: never nobody. Where nobody but who has not confirmed it sits at the next seat or as
    /// supervisor, it is passed on to every desk. Pure.
    /// </summary>
    internal static IReadOnlyList<Concern> Of(AlarmState.Raised alarm, IReadOnlyList<TakenSeat> seats)
    {
        string? own = alarm.Subject.Seat;
        Concern first = seats.Any(seat => seat.Seat == own) ? new Concern("ownSeat", own, alarm.RaisedAt) : EveryDesk(alarm.RaisedAt);
        if (alarm.PassedOnAt is not { } since)
        {
            return [first];
        }

        var others = seats.Where(seat => seat.Supervisor && seat.Seat != own).Select(seat => new Concern("supervisor", seat.Seat, since)).ToList();
        if (alarm.Kind.Level == 1 && Next(own, seats) is { } next)
        {
            others.Insert(0, new Concern("nextSeat", next, since));
        }

        return others.Count > 0 || first.Seat is null ? [first, .. others] : [first, EveryDesk(since)];
    }

    /// <summary>The next taken seat by number, beginning anew after the last; null where no other one is taken.</summary>
    private static string? Next(string? own, IReadOnlyList<TakenSeat> seats)
    {
        string[] others = [.. seats.Select(static seat => seat.Seat).Where(seat => seat != own).OrderBy(Place)];
        return own is null ? null : others.FirstOrDefault(seat => Place(seat).CompareTo(Place(own)) > 0) ?? others.FirstOrDefault();
    }

    /// <summary>9 comes before 12, and what is no number after all that are.</summary>
    private static (long Number, string Name) Place(string seat) =>
        (long.TryParse(seat, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : long.MaxValue, seat);
}
