namespace GeoDispatch.Dispatch.Calls;

/// <summary>What is known of a call, wherever it stands.</summary>
/// <param name="Source"><c>telephone</c> where the exchange tells of it.</param>
/// <param name="ReceivedAt">When it first rang; where that was never told, the first that was.</param>
/// <param name="AnsweredAt">When the exchange first put it through; null for never.</param>
/// <param name="LineEndedAt">When the line was closed; null while it is open, and where there is none.</param>
/// <param name="Result">What became of it so far; null while that is open.</param>
/// <param name="IncidentId">The incident that was opened from it or that it was merged into.</param>
/// <param name="Attempts">How often it was called back in vain.</param>
internal sealed record CallFacts(
    string Source, string? Number, DateTimeOffset ReceivedAt, DateTimeOffset? RangAt = null, DateTimeOffset? AnsweredAt = null,
    DateTimeOffset? LineEndedAt = null, string? RecordingUrl = null, CallResult? Result = null, Guid? IncidentId = null,
    string? IncidentNumber = null, int Attempts = 0)
{
    /// <summary>Somebody may still be heard. Nobody tells when a conversation without an exchange ends.</summary>
    internal bool LineOpen => LineEndedAt is null && (RangAt ?? AnsweredAt) is not null;
}

/// <summary>A call as its events made it. <see cref="Apply"/> never refuses: what stands in the log has happened.</summary>
internal abstract record CallState
{
    private CallState()
    {
    }

    internal static readonly CallState None = new NotHeard();

    internal sealed record NotHeard : CallState;

    /// <summary>A call that was heard of; it is in one of the lists until it has ended with a result.</summary>
    /// <param name="Since">When it came to stand here.</param>
    internal abstract record Heard(CallFacts Facts, DateTimeOffset Since) : CallState;

    internal sealed record Ringing(CallFacts Facts, DateTimeOffset Since) : Heard(Facts, Since);

    /// <summary>One seat holds it; the line may be closed already.</summary>
    internal sealed record Answered(CallFacts Facts, string Seat, DateTimeOffset Since) : Heard(Facts, Since);

    internal sealed record Parked(CallFacts Facts, DateTimeOffset Since) : Heard(Facts, Since);

    /// <summary>On the call-back list.</summary>
    /// <param name="Reason">Null where it dropped before anybody answered.</param>
    internal sealed record CallBack(CallFacts Facts, string? Reason, DateTimeOffset Since) : Heard(Facts, Since);

    /// <summary>Over, with the result that its facts hold.</summary>
    internal sealed record Ended(CallFacts Facts, DateTimeOffset Since) : Heard(Facts, Since);

    /// <summary>The state after one more event.</summary>
    /// <param name="recordedAt">When the event was written.</param>
    internal CallState Apply(CallEvent happened, DateTimeOffset recordedAt) => (this, happened) switch
    {
        (NotHeard, CallRang rang) => new Ringing(new CallFacts("telephone", rang.Number, rang.At, RangAt: rang.At), rang.At),
        (NotHeard, CallAnswered answered) => new Answered(
            new CallFacts("telephone", answered.Number, answered.At, AnsweredAt: answered.At), answered.Seat, answered.At),
        (NotHeard, LineEnded ended) => new CallBack(
            new CallFacts("telephone", ended.Number, ended.At, LineEndedAt: ended.At, RecordingUrl: ended.RecordingUrl), null, ended.At),
        (NotHeard, CallEntered entered) => new Answered(new CallFacts(entered.Source, entered.Number, recordedAt), entered.Seat, recordedAt),

        // The exchange's events may come late and in any order: each tells its fact, and moves the call only where nothing later did.
        (Heard heard, CallRang rang) => heard with
        {
            Facts = heard.Facts with { Number = heard.Facts.Number ?? rang.Number, RangAt = rang.At, ReceivedAt = Earlier(rang.At, heard.Facts.ReceivedAt) },
        },
        (Heard heard, CallAnswered answered) => Answer(heard, answered),
        (Heard heard, LineEnded ended) => EndLine(heard with
        {
            Facts = heard.Facts with
            {
                Number = heard.Facts.Number ?? ended.Number,
                LineEndedAt = ended.At,
                RecordingUrl = ended.RecordingUrl ?? heard.Facts.RecordingUrl,
            },
        }, ended.At, recordedAt),
        (Heard heard, RecordingTold told) => heard with { Facts = heard.Facts with { RecordingUrl = told.RecordingUrl } },

        (Heard heard, CallTaken taken) => new Answered(heard.Facts, taken.Seat, recordedAt),
        (Heard heard, CallParked) => new Parked(heard.Facts, recordedAt),
        (Heard heard, CallTransferred moved) => new Answered(heard.Facts, moved.To, recordedAt),
        (Heard heard, CallBackWanted wanted) => new CallBack(heard.Facts, wanted.Reason, recordedAt),
        (Heard heard, CalledBack { Reached: false }) => new CallBack(heard.Facts with { Attempts = heard.Facts.Attempts + 1 }, "unreached", recordedAt),
        (Heard heard, IncidentOpenedFromCall opened) => Join(heard, CallResult.Incident, opened.IncidentId, opened.IncidentNumber, recordedAt),
        (Heard heard, CallMerged merged) => Join(heard, CallResult.Merged, merged.IncidentId, merged.IncidentNumber, recordedAt),
        (Heard heard, CallSplit split) => Leave(heard with { Facts = heard.Facts with { Result = null, IncidentId = null, IncidentNumber = null } }, split.Seat, recordedAt),
        (Heard heard, CallEnded ended) => new Ended(heard.Facts with { Result = ended.Result }, recordedAt),
        _ => this,
    };

    private static Heard Answer(Heard heard, CallAnswered answered)
    {
        CallFacts facts = heard.Facts with
        {
            Number = heard.Facts.Number ?? answered.Number,
            AnsweredAt = Earlier(answered.At, heard.Facts.AnsweredAt ?? answered.At),
            ReceivedAt = Earlier(answered.At, heard.Facts.ReceivedAt),
        };
        return heard switch
        {
            Ringing or CallBack { Reason: null } => new Answered(facts, answered.Seat, answered.At),
            Answered or Parked when answered.At >= heard.Since && !(facts.LineEndedAt < answered.At) => new Answered(facts, answered.Seat, answered.At),
            _ => heard with { Facts = facts },
        };
    }

    /// <summary>What nobody answered is to be called back; what has its result is over; all else waits for one where it is.</summary>
    private static Heard EndLine(Heard heard, DateTimeOffset at, DateTimeOffset recordedAt) => heard switch
    {
        Ringing => new CallBack(heard.Facts, null, at),
        Answered or Parked when heard.Facts.Result is not null => new Ended(heard.Facts, recordedAt),
        _ => heard,
    };

    private static Heard Join(Heard heard, CallResult result, Guid incidentId, string number, DateTimeOffset recordedAt)
    {
        Heard joined = heard with { Facts = heard.Facts with { Result = result, IncidentId = incidentId, IncidentNumber = number } };
        return joined.Facts.LineOpen && joined is not CallBack ? joined : new Ended(joined.Facts, recordedAt);
    }

    private static Heard Leave(Heard heard, string seat, DateTimeOffset recordedAt) =>
        heard is Ended ? new Answered(heard.Facts, seat, recordedAt) : heard;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
