using GeoDispatch.Dispatch.Calls;
using GeoDispatch.Dispatch.Streams;
using static GeoDispatch.Dispatch.Tests.Calls.A_call;

namespace GeoDispatch.Dispatch.Tests.Calls;

public sealed class CallDeciderTests
{
    private static readonly Dictionary<string, CallCommand> Commands = new(StringComparer.Ordinal)
    {
        ["ring"] = Rings,
        ["answer"] = AnsweredHere,
        ["hang up"] = HungUp,
        ["enter"] = new CallCommand.Enter("radio", null, Mine),
        ["take"] = new CallCommand.Take(Mine),
        ["park"] = new CallCommand.Park(Mine),
        ["transfer"] = new CallCommand.Transfer("14"),
        ["call back"] = new CallCommand.WantCallBack(Mine, "信号不好"),
        ["called back"] = new CallCommand.RecordCallBack(Mine, true),
        ["open"] = new CallCommand.OpenIncident(Mine, Incident, "I4"),
        ["merge"] = new CallCommand.Merge(Mine, Incident, "I4"),
        ["split"] = new CallCommand.Split(Mine),
        ["end"] = new CallCommand.End(Mine, null, null),
        ["end silent"] = new CallCommand.End(Mine, CallResult.Silent, null),
        ["end unreachable"] = new CallCommand.End(Mine, CallResult.Unreachable, null),
        ["send link"] = new CallCommand.SendLink(Mine, Start.AddMinutes(60)),
        ["tell"] = new CallCommand.Tell(new CallerWrote("在三楼")),
    };

    // One column for each command, in their order: +event, -nothing, or the refusal.
    private const string Table = """
        not heard           | +callRang | +callAnswered | +lineEnded | +callEntered | call.unknown | call.unknown | call.unknown | call.unknown | call.unknown | call.unknown | call.unknown | call.unknown | call.unknown | call.unknown | call.unknown | call.unknown | call.unknown
        ringing             | -         | +callAnswered | +lineEnded | -            | +callTaken   | call.not_held | call.not_held | call.not_held | call.not_held | call.not_held | call.not_held | call.not_merged | call.not_held | call.not_held | call.not_held | call.not_held | +callerWrote
        dropped             | -         | +callAnswered | -          | -            | +callTaken   | call.not_held | call.not_held | -             | call.not_held | call.not_held | +callMerged   | call.not_merged | call.not_held | call.not_held | call.not_held | call.not_held | +callerWrote
        answered            | -         | -             | +lineEnded | -            | -            | +callParked   | +callTransferred | +callBackWanted | +calledBack | +incidentOpenedFromCall | +callMerged | call.not_merged | call.result_missing | +callEnded | call.not_called_back | +linkSent | +callerWrote
        answered elsewhere  | -         | -             | +lineEnded | -            | call.held    | call.held     | +callTransferred | call.held     | call.held     | call.held     | call.held     | call.held       | call.held     | call.held     | call.held     | call.held     | +callerWrote
        answered, hung up   | -         | -             | -          | -            | -            | +callParked   | +callTransferred | +callBackWanted | +calledBack | +incidentOpenedFromCall | +callMerged | call.not_merged | call.result_missing | +callEnded | call.not_called_back | +linkSent | +callerWrote
        answered, incident  | -         | -             | +lineEnded | -            | -            | +callParked   | +callTransferred | +callBackWanted | +calledBack | call.joined   | call.joined   | call.not_merged | +callEnded    | call.joined   | call.joined   | +linkSent     | +callerWrote
        answered, merged    | -         | -             | +lineEnded | -            | -            | +callParked   | +callTransferred | +callBackWanted | +calledBack | call.joined   | call.joined   | +callSplit      | +callEnded    | call.joined   | call.joined   | +linkSent     | +callerWrote
        parked              | -         | -             | +lineEnded | -            | +callTaken   | -             | call.not_held | call.not_held | call.not_held | call.not_held | +callMerged   | call.not_merged | call.not_held | call.not_held | call.not_held | call.not_held | +callerWrote
        to call back        | -         | -             | +lineEnded | -            | +callTaken   | call.not_held | call.not_held | -             | call.not_held | call.not_held | +callMerged   | call.not_merged | call.not_held | call.not_held | call.not_held | call.not_held | +callerWrote
        called back in vain | -         | +callAnswered | -          | -            | -            | +callParked   | +callTransferred | +callBackWanted | +calledBack | +incidentOpenedFromCall | +callMerged | call.not_merged | call.result_missing | +callEnded | +callEnded | +linkSent | +callerWrote
        entered by hand     | +callRang | +callAnswered | +lineEnded | -            | -            | +callParked   | +callTransferred | +callBackWanted | +calledBack | +incidentOpenedFromCall | +callMerged | call.not_merged | call.result_missing | +callEnded | call.not_called_back | call.no_number | +callerWrote
        ended               | -         | -             | +lineEnded | -            | call.over    | call.over     | call.over     | call.over     | call.over     | call.over     | call.over     | call.not_merged | call.over     | call.over     | call.over     | call.over     | +callerWrote
        ended, merged       | -         | -             | -          | -            | call.over    | call.over     | call.over     | call.over     | call.over     | call.over     | call.over     | +callSplit      | call.over     | call.over     | call.over     | call.over     | +callerWrote
        """;

    public static TheoryData<string, string, string> EveryPair() => new(
        from line in Table.Split('\n')
        let cells = line.Split('|', StringSplitOptions.TrimEntries)
        from pair in Commands.Keys.Zip(cells[1..])
        select (cells[0], pair.First, pair.Second));

    [Theory]
    [MemberData(nameof(EveryPair))]
    public void A_command_does_in_each_state_what_the_table_says(string state, string command, string expected)
    {
        Decision<CallEvent> decision = CallDecider.Decide(States[state], Commands[command], Start);

        Assert.Equal(expected, decision.Refusal?.Code ?? (decision.Events is [var one] ? "+" + EventFormat<CallEvent>.Write(one).Type : "-"));
    }

    [Fact]
    public void The_table_knows_every_state_and_every_command()
    {
        Assert.Equal(States.Count * Commands.Count, EveryPair().Count);
        Assert.Equal(
            typeof(CallCommand).GetNestedTypes(System.Reflection.BindingFlags.NonPublic).Where(static type => !type.IsAbstract).Select(static type => type.Name).Order(),
            Commands.Values.Select(static command => command.GetType().Name).Distinct().Order());
    }

    [Fact]
    public void Ten_minutes_after_the_end_the_caller_tells_no_more_but_the_telephone_may()
    {
        DateTimeOffset late = Start.AddMinutes(11);

        Assert.Equal("call.over", CallDecider.Decide(States["ended"], Commands["tell"], late).Refusal?.Code);
        Assert.Null(CallDecider.Decide(States["ended"], new CallCommand.Tell(new CallerLocated(118.5, 37.4, 20, "aml", 90, Start)), late).Refusal);
    }
}
