using GeoDispatch.Dispatch.Calls;
using GeoDispatch.Dispatch.Streams;

namespace GeoDispatch.Dispatch.Tests.Calls;

/// <summary>Calls named by their state, made by commands alone, for the tests beside.</summary>
internal static class A_call
{
    internal const string Mine = "12", Other = "13";
    internal static readonly DateTimeOffset Start = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);
    internal static readonly Guid Incident = Guid.Parse("00000000-0000-0000-0000-0000000000c1");

    internal static CallCommand.Ring Rings => new("13800005521", Start);

    internal static CallCommand.AnswerAt AnsweredHere => new("13800005521", Mine, Start.AddSeconds(3));

    internal static CallCommand.HangUp HungUp => new("13800005521", "https://recordings.example/1", Start.AddSeconds(60));

    /// <summary>Every state that a call may stand in, by name, held where it is held by seat 12.</summary>
    internal static readonly Dictionary<string, CallState> States = new(StringComparer.Ordinal)
    {
        ["not heard"] = CallState.None,
        ["ringing"] = After(CallState.None, Rings),
        ["dropped"] = After(CallState.None, Rings, HungUp),
        ["answered"] = After(CallState.None, Rings, AnsweredHere),
        ["answered elsewhere"] = After(CallState.None, Rings, AnsweredHere with { Seat = Other }),
        ["answered, hung up"] = After(CallState.None, Rings, AnsweredHere, HungUp),
        ["answered, incident"] = After(CallState.None, Rings, AnsweredHere, new CallCommand.OpenIncident(Mine, Incident, "I3")),
        ["answered, merged"] = After(CallState.None, Rings, AnsweredHere, new CallCommand.Merge(Mine, Incident, "I3")),
        ["parked"] = After(CallState.None, Rings, AnsweredHere, new CallCommand.Park(Mine)),
        ["to call back"] = After(CallState.None, Rings, AnsweredHere, new CallCommand.WantCallBack(Mine, "信号不好")),
        ["called back in vain"] = After(
            CallState.None, Rings, HungUp, new CallCommand.Take(Mine), new CallCommand.RecordCallBack(Mine, false), new CallCommand.Take(Mine)),
        ["entered by hand"] = After(CallState.None, new CallCommand.Enter("radio", null, Mine)),
        ["ended"] = After(CallState.None, Rings, AnsweredHere, new CallCommand.End(Mine, CallResult.NoEmergency, null)),
        ["ended, merged"] = After(CallState.None, Rings, AnsweredHere, HungUp, new CallCommand.Merge(Mine, Incident, "I3")),
    };

    internal static CallState After(CallState state, params CallCommand[] commands) => commands.Aggregate(state, static (state, command) =>
    {
        Decision<CallEvent> decision = CallDecider.Decide(state, command, Start);
        Assert.Null(decision.Refusal);
        return decision.Events.Aggregate(state, static (state, happened) => state.Apply(happened, Start.AddSeconds(5)));
    });

    internal static CallFacts Facts(CallState state) => Assert.IsAssignableFrom<CallState.Heard>(state).Facts;
}
