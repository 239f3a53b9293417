using FsCheck.Fluent;
using GeoDispatch.Dispatch.Calls;
using GeoDispatch.Dispatch.Streams;
using static GeoDispatch.Dispatch.Tests.Calls.A_call;

namespace GeoDispatch.Dispatch.Tests.Calls;

public sealed class CallStateTests
{
    [Theory]
    [InlineData("rae")]
    [InlineData("rea")]
    [InlineData("are")]
    [InlineData("aer")]
    [InlineData("era")]
    [InlineData("ear")]
    public void The_events_of_the_exchange_tell_the_same_in_whatever_order_they_come(string order)
    {
        var told = new Dictionary<char, CallCommand> { ['r'] = Rings, ['a'] = AnsweredHere, ['e'] = HungUp };

        var call = Assert.IsType<CallState.Answered>(After(CallState.None, [.. order.Select(which => told[which])]));

        Assert.Equal(
            (Mine, "13800005521", Start, Start, Start.AddSeconds(3), Start.AddSeconds(60), false),
            (call.Seat, call.Facts.Number, call.Facts.ReceivedAt, call.Facts.RangAt, call.Facts.AnsweredAt, call.Facts.LineEndedAt, call.Facts.LineOpen));
    }

    [Fact]
    public void A_call_that_nobody_answered_is_to_be_called_back() =>
        Assert.Null(Assert.IsType<CallState.CallBack>(After(CallState.None, Rings, HungUp)).Reason);

    [Fact]
    public void A_call_with_an_incident_is_over_when_the_line_is()
    {
        Assert.IsType<CallState.Answered>(States["answered, incident"]);
        Assert.IsType<CallState.Ended>(After(States["answered, incident"], HungUp));
        Assert.IsType<CallState.Answered>(After(States["answered"], HungUp));
    }

    [Fact]
    public void A_late_answer_does_not_take_a_call_from_who_took_it_over_since()
    {
        CallState parked = After(States["answered"], new CallCommand.Park(Mine), new CallCommand.Take(Other));

        Assert.Equal(Other, Assert.IsType<CallState.Answered>(After(parked, new CallCommand.AnswerAt(null, "14", Start.AddSeconds(4)))).Seat);
        // A later one says where the line is now.
        Assert.Equal("14", Assert.IsType<CallState.Answered>(After(parked, new CallCommand.AnswerAt(null, "14", Start.AddSeconds(9)))).Seat);
    }

    [Fact]
    public void A_call_that_was_split_comes_back_to_who_split_it_without_a_result()
    {
        var call = Assert.IsType<CallState.Answered>(After(States["ended, merged"], new CallCommand.Split(Other)));

        Assert.Equal((Other, null, null), (call.Seat, call.Facts.Result, call.Facts.IncidentId));
    }

    [Fact]
    public void Whatever_is_done_no_two_seats_hold_a_call_and_none_is_lost() =>
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(Gen.ListOf(Commands()).ToArbitrary(), static commands =>
        {
            CallState state = After(CallState.None, Rings);
            List<(string Type, string Data)> log = [EventFormat<CallEvent>.Write(new CallRang("13800005521", Start))];
            DateTimeOffset now = Start;
            foreach (CallCommand command in commands)
            {
                now += TimeSpan.FromSeconds(1);
                CallState before = state;
                foreach (CallEvent happened in CallDecider.Decide(state, command, now).Events)
                {
                    log.Add(EventFormat<CallEvent>.Write(happened));
                    state = state.Apply(happened, Start);
                }

                // From a seat it goes by a transfer or by the exchange alone; a seat that takes it finds nobody there.
                if (command is CallCommand.Take or CallCommand.OfHolder && before is CallState.Answered held && state is CallState.Answered holds)
                {
                    Assert.Equal(held.Seat, holds.Seat);
                }

                Assert.True(state is not CallState.Ended ended || ended.Facts.Result is not null);
                Assert.IsNotType<CallState.NotHeard>(state);
                Assert.Equal(
                    Facts(state).IncidentId is not null, Facts(state).Result is CallResult.Incident or CallResult.Merged);
            }

            Assert.Equal(state, log.Aggregate(CallState.None, static (state, row) => state.Apply(EventFormat<CallEvent>.Read(row.Type, row.Data), Start)));
        }));

    private static FsCheck.Gen<CallCommand> Commands() =>
        from seat in Gen.Elements(Mine, Other)
        from seconds in Gen.Choose(0, 100)
        from result in Gen.Elements<CallResult?>(null, CallResult.NoEmergency, CallResult.Silent, CallResult.Unreachable, CallResult.Nuisance)
        from command in Gen.Elements<CallCommand>(
            new CallCommand.Ring(null, Start.AddSeconds(seconds)), new CallCommand.AnswerAt(null, seat, Start.AddSeconds(seconds)),
            new CallCommand.HangUp(null, null, Start.AddSeconds(seconds)), new CallCommand.Take(seat), new CallCommand.Park(seat),
            new CallCommand.Transfer(seat), new CallCommand.WantCallBack(seat, "信号不好"), new CallCommand.RecordCallBack(seat, seconds % 2 == 0),
            new CallCommand.OpenIncident(seat, Incident, "I3"), new CallCommand.Merge(seat, Incident, "I3"), new CallCommand.Split(seat),
            new CallCommand.End(seat, result, null), new CallCommand.SendLink(seat, Start), new CallCommand.Tell(new CallerWrote("在三楼")))
        select command;
}
