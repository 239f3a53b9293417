using GeoDispatch.Tracking.Fixes;

namespace GeoDispatch.Tracking.Tests;

public sealed class FixRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);
    private static readonly Guid Device = Guid.Parse("7d9f2c9e-6f7e-4d59-9f5e-0a3b7f3b8a11");

    [Theory]
    [InlineData(118.67, 37.43, null, null, null, null)]
    [InlineData(-180, -90, 0.0, 0.0, 0.0, null)]
    [InlineData(180, 90, 400.0, 360.0, 100_000.0, null)]
    [InlineData(180.0001, 37, null, null, null, "lon")]
    [InlineData(-180.0001, 37, null, null, null, "lon")]
    [InlineData(double.NaN, 37, null, null, null, "lon")]
    [InlineData(118, 90.0001, null, null, null, "lat")]
    [InlineData(118, double.NegativeInfinity, null, null, null, "lat")]
    [InlineData(0, 0, null, null, null, null)]
    [InlineData(118, 37, -0.1, null, null, "speedKmh")]
    [InlineData(118, 37, 400.1, null, null, "speedKmh")]
    [InlineData(118, 37, double.NaN, null, null, "speedKmh")]
    [InlineData(118, 37, null, -1.0, null, "headingDegrees")]
    [InlineData(118, 37, null, 360.1, null, "headingDegrees")]
    [InlineData(118, 37, null, null, -1.0, "accuracyMeters")]
    [InlineData(118, 37, null, null, 100_001.0, "accuracyMeters")]
    public void Numbers_outside_their_range_are_refused_by_name(
        double lon, double lat, double? speed, double? heading, double? accuracy, string? field)
    {
        var problem = FixRules.Check(new AvlFix(Now, lon, lat, speed, heading, accuracy), Now);
        Assert.Equal(field, problem?.Field);
        Assert.Equal(field is null ? null : "fix.out_of_range", problem?.Code);
    }

    [Theory]
    [InlineData(30, null)]
    [InlineData(30.001, "fix.from_future")]
    [InlineData(-2_592_000, null)]
    [InlineData(-2_592_000.001, "fix.too_old")]
    public void Time_may_differ_thirty_seconds_ahead_and_thirty_days_behind(double seconds, string? code) =>
        Assert.Equal(code, FixRules.Check(new AvlFix(Now.AddSeconds(seconds), 118.67, 37.43), Now)?.Code);

    [Theory]
    [InlineData(0, "fix.none")]
    [InlineData(1, null)]
    [InlineData(500, null)]
    [InlineData(501, "fix.too_many")]
    public void A_request_holds_one_to_five_hundred_fixes(int count, string? code) => Assert.Equal(
        code, FixRules.Check(new SendFixesRequest(Device, Enumerable.Repeat(new AvlFix(Now, 118, 37), count).ToArray()), Device)?.Code);

    [Fact]
    public void A_device_reports_itself_alone()
    {
        var problem = FixRules.Check(new SendFixesRequest(Guid.NewGuid(), [new AvlFix(Now, 118, 37)]), Device);
        Assert.Equal((403, "device.not_yours"), (problem!.Status, problem.Code));
    }

    [Fact]
    public void A_missing_fix_or_list_is_a_refusal_and_no_fault()
    {
        Assert.Equal("fix.out_of_range", FixRules.Check(null, Now)?.Code);
        Assert.Equal("fix.none", FixRules.Check(new SendFixesRequest(Device, null!), Device)?.Code);
    }
}
