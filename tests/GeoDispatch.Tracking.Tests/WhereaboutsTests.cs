using FsCheck;
using FsCheck.Xunit;
using GeoDispatch.Tracking.Motion;

namespace GeoDispatch.Tracking.Tests;

/// <summary>Which places a vehicle can have come to, and how it comes back from a wrong one.</summary>
public sealed class WhereaboutsTests
{
    private static readonly DateTime Noon = new(2026, 11, 24, 4, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(1, 0.0055, 0, false)] // 486 m in a second: within the floor.
    [InlineData(1, 0.02, 0, true)] // 1.8 km.
    [InlineData(1, 0.02, 2_000, false)] // It says of itself that it may be wrong by that much.
    [InlineData(1, 0.5, 100_000, true)] // As accurate as a cell of the telephone network: no excuse for 44 km.
    [InlineData(60, 0.05, 0, false)] // 4.4 km in a minute: 265 km/h.
    [InlineData(60, 0.07, 0, true)] // 6.2 km: 371 km/h.
    [InlineData(7_200, 5, 0, false)] // 440 km in two hours without a word: by train.
    public void A_place_too_far_for_the_time_between_is_a_jump(double seconds, double degrees, float accuracy, bool isJump)
    {
        Whereabouts here = default(Whereabouts).Take(new Place(Noon, 118.5, 37.4)).Next;
        Assert.Equal(isJump, here.Take(new Place(Noon.AddSeconds(seconds), 118.5 + degrees, 37.4, accuracy)).Move == Move.Jump);
    }

    [Property]
    public void Who_drives_is_never_said_to_jump(PositiveInt[] steps)
    {
        var whereabouts = default(Whereabouts);
        (DateTime time, double lon) = (Noon, 118.5);
        foreach (PositiveInt step in steps)
        {
            int seconds = step.Get % 100;
            // A degree is 88 km here: 250 km/h at most.
            (time, lon) = (time.AddSeconds(seconds), lon + seconds * (step.Get % 250) / 3.6 / 88_300);
            (whereabouts, Move move) = whereabouts.Take(new Place(time, lon, 37.4));
            Assert.Equal(Move.Possible, move);
        }
    }

    [Property]
    public void One_wrong_place_among_right_ones_is_the_only_jump(byte at, bool north)
    {
        bool[] jumps = Judge([.. Enumerable.Range(0, 257).Select(index => index == at + 1
            ? new Place(Noon.AddSeconds(index), north ? 118.5 : 118.9, north ? 37.9 : 37.4)
            : new Place(Noon.AddSeconds(index), 118.5 + index * 0.0003, 37.4))]);
        Assert.Equal([at + 1], Enumerable.Range(0, 257).Where(index => jumps[index]));
    }

    [Property]
    public void Wherever_a_vehicle_is_carried_it_is_believed_with_the_third_fix(byte stays, sbyte east, sbyte north)
    {
        int before = stays + 1;
        bool[] jumps = Judge([.. Enumerable.Range(0, before + 20).Select(index => index < before
            ? new Place(Noon.AddSeconds(index), 118.5, 37.4)
            : new Place(Noon.AddSeconds(index), 118.5 + east * 0.3 + index * 0.0001, 37.4 + north * 0.2))]);
        Assert.All(jumps[..before], Assert.False);
        Assert.All(jumps[(before + Whereabouts.TimesToBelieve - 1)..], Assert.False);
    }

    [Fact]
    public void Places_that_do_not_agree_are_never_believed()
    {
        bool[] jumps = Judge([.. Enumerable.Range(0, 40).Select(static index => index == 0
            ? new Place(Noon, 118.5, 37.4)
            : new Place(Noon.AddSeconds(index), 119 + index % 2, 37.4))]);
        Assert.All(jumps[1..], Assert.True);
    }

    private static bool[] Judge(Place[] places)
    {
        var whereabouts = default(Whereabouts);
        return [.. places.Select(place =>
        {
            (whereabouts, Move move) = whereabouts.Take(place);
            return move == Move.Jump;
        })];
    }
}
