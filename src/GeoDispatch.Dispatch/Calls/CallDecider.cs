using GeoDispatch.Dispatch.Streams;
using static GeoDispatch.Dispatch.Calls.CallState;

namespace GeoDispatch.Dispatch.Calls;

/// <summary>What somebody, or the exchange, wants to be done with a call, already checked for form.</summary>
internal abstract record CallCommand
{
    internal sealed record Ring(string? Number, DateTimeOffset At) : CallCommand;

    internal sealed record AnswerAt(string? Number, string Seat, DateTimeOffset At) : CallCommand;

    internal sealed record HangUp(string? Number, string? RecordingUrl, DateTimeOffset At) : CallCommand;

    internal sealed record Enter(string Source, string? Number, string Seat) : CallCommand;

    internal sealed record Take(string Seat) : CallCommand;

    /// <summary>Left to the seat that holds the call.</summary>
    internal abstract record OfHolder(string Seat) : CallCommand;

    internal sealed record Park(string Seat) : OfHolder(Seat);

    /// <summary>By whomever: a call may stand at a seat that somebody left.</summary>
    internal sealed record Transfer(string To) : CallCommand;

    internal sealed record WantCallBack(string Seat, string Reason) : OfHolder(Seat);

    internal sealed record RecordCallBack(string Seat, bool Reached) : OfHolder(Seat);

    internal sealed record OpenIncident(string Seat, Guid IncidentId, string IncidentNumber) : OfHolder(Seat);

    internal sealed record Merge(string Seat, Guid IncidentId, string IncidentNumber) : OfHolder(Seat);

    internal sealed record Split(string Seat) : CallCommand;

    /// <param name="Result">Null where it has one already: an incident.</param>
    internal sealed record End(string Seat, CallResult? Result, string? Note) : OfHolder(Seat);

    internal sealed record SendLink(string Seat, DateTimeOffset ExpiresAt) : OfHolder(Seat);

    /// <summary>A place, words or a photo that came by themselves.</summary>
    internal sealed record Tell(CallEvent Told) : CallCommand;
}

/// <summary>Decides what a command does to a call. Pure: the time comes in with the command.</summary>
internal static class CallDecider
{
    /// <summary>So long after a call's end the caller may still tell something by the link.</summary>
    internal static readonly TimeSpan ToldAfterEnd = TimeSpan.FromMinutes(10);

    internal static Decision<CallEvent> Decide(CallState state, CallCommand command, DateTimeOffset now) => (state, command) switch
    {
        // What the exchange says has happened, whatever we think of the call.
        (NotHeard or Heard { Facts.RangAt: null }, CallCommand.Ring ring) => new CallRang(ring.Number, ring.At),
        (Heard, CallCommand.Ring) => Decision<CallEvent>.Nothing,
        (Heard heard, CallCommand.AnswerAt answer) when heard.Facts.AnsweredAt == answer.At || IsThere(heard, answer) => Decision<CallEvent>.Nothing,
        (_, CallCommand.AnswerAt answer) => new CallAnswered(answer.Number, answer.Seat, answer.At),
        (NotHeard or Heard { Facts.LineEndedAt: null }, CallCommand.HangUp end) => new LineEnded(end.Number, end.RecordingUrl, end.At),
        (Heard heard, CallCommand.HangUp end) => end.RecordingUrl is { } url && url != heard.Facts.RecordingUrl
            ? new RecordingTold(url)
            : Decision<CallEvent>.Nothing,

        (NotHeard, CallCommand.Enter enter) => new CallEntered(enter.Source, enter.Number, enter.Seat),
        (Heard, CallCommand.Enter) => Decision<CallEvent>.Nothing,
        (NotHeard, _) => CallProblems.Unknown,

        (Ended ended, CallCommand.Tell tell) when tell.Told is not CallerLocated { By: "aml" } && now > ended.Since + ToldAfterEnd => CallProblems.Over,
        (Heard, CallCommand.Tell tell) => tell.Told,

        (Ended { Facts.Result: CallResult.Merged } ended, CallCommand.Split split) => new CallSplit(split.Seat, ended.Facts.IncidentId!.Value, ended.Facts.IncidentNumber!),
        (Answered held, CallCommand.Split split) when held.Seat != split.Seat => CallProblems.HeldBy(held.Seat),
        (Heard { Facts.Result: CallResult.Merged } joined, CallCommand.Split split) =>
            new CallSplit(split.Seat, joined.Facts.IncidentId!.Value, joined.Facts.IncidentNumber!),
        (Heard, CallCommand.Split) => CallProblems.NotMerged,
        (Ended, _) => CallProblems.Over,

        (Answered held, CallCommand.Take take) => held.Seat == take.Seat ? Decision<CallEvent>.Nothing : CallProblems.HeldBy(held.Seat),
        (Heard, CallCommand.Take take) => new CallTaken(take.Seat),

        (Answered held, CallCommand.Transfer move) => held.Seat == move.To ? Decision<CallEvent>.Nothing : new CallTransferred(held.Seat, move.To),
        (Parked or CallBack, CallCommand.Merge merge) => Join(state, new CallMerged(merge.Seat, merge.IncidentId, merge.IncidentNumber)),
        (Parked, CallCommand.Park) or (CallBack, CallCommand.WantCallBack) => Decision<CallEvent>.Nothing,

        (Answered held, CallCommand.OfHolder own) => own.Seat == held.Seat ? Hold(held, own) : CallProblems.HeldBy(held.Seat),
        _ => CallProblems.NotHeld,
    };

    /// <summary>What the seat that holds a call may do with it.</summary>
    private static Decision<CallEvent> Hold(Answered held, CallCommand.OfHolder command) => command switch
    {
        CallCommand.Park park => new CallParked(park.Seat),
        CallCommand.WantCallBack want => new CallBackWanted(want.Seat, want.Reason),
        CallCommand.RecordCallBack back => new CalledBack(back.Seat, back.Reached),
        CallCommand.SendLink send => held.Facts.Number is null ? CallProblems.NoNumber : new LinkSent(send.Seat, send.ExpiresAt),
        CallCommand.OpenIncident open => Join(held, new IncidentOpenedFromCall(open.Seat, open.IncidentId, open.IncidentNumber)),
        CallCommand.Merge merge => Join(held, new CallMerged(merge.Seat, merge.IncidentId, merge.IncidentNumber)),
        CallCommand.End end => End(held.Facts, end),
        _ => throw new InvalidOperationException($"{command.GetType().Name} has no rule."),
    };

    private static bool IsThere(Heard heard, CallCommand.AnswerAt answer) =>
        heard is Answered held && held.Seat == answer.Seat && held.Since == answer.At;

    private static Decision<CallEvent> Join(CallState state, CallEvent joined) =>
        state is Heard { Facts: { Result: not null, IncidentNumber: { } number } } ? CallProblems.Joined(number) : joined;

    private static Decision<CallEvent> End(CallFacts facts, CallCommand.End end) => (facts.Result, end.Result) switch
    {
        ({ } joined, null) => new CallEnded(end.Seat, joined, end.Note),
        ({ }, _) => CallProblems.Joined(facts.IncidentNumber!),
        (null, null or CallResult.Incident or CallResult.Merged) => CallProblems.ResultMissing,
        (null, CallResult.Unreachable) when facts.Attempts == 0 => CallProblems.NotCalledBack,
        (null, { } result) => new CallEnded(end.Seat, result, end.Note),
    };
}
