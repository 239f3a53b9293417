using System.Globalization;
using FsCheck.Fluent;
using GeoDispatch.Dispatch.Calls.Aml;
using GeoDispatch.Postgres;

namespace GeoDispatch.Dispatch.Tests.Calls;

public sealed class AmlMessageTests
{
    // The example of ETSI TR 103 393.
    private const string Example =
        "A\"ML=1;lt=+54.76397;lg=-0.18305;rd=50;top=20130717141935;lc=90;pm=W;si=123456789012345;ei=1234567890123456;mcc=234;mnc=30;ml=128";

    [Fact]
    public void The_standards_own_example_is_read() => Assert.Equal(
        new AmlMessage(new(-0.18305, 54.76397), 50, new DateTimeOffset(2013, 7, 17, 14, 19, 35, TimeSpan.Zero), 90, 'W'), Read(Example));

    [Theory]
    [InlineData("lt=+00.00000;lg=+000.00000;rd=N;top=20130717141935;lc=0;pm=N")]
    [InlineData("lt=+00.00000;lg=+000.00000;rd=50;top=20130717141935;lc=90;pm=W")]
    [InlineData("lt=+54.76397;lg=-0.18305;rd=N;top=20130717141935;lc=90;pm=W")]
    [InlineData("lt=+54.76397;lg=-0.18305;rd=50;top=20130717141935;lc=90;pm=N")]
    public void A_telephone_that_found_no_place_gives_no_point(string members) => Assert.Null(Read("A\"ML=1;" + members).At);

    [Theory]
    [InlineData("ml", "A\"ML=1;lt=+54.76397;lg=-0.18305;rd=50;top=20130717141935;lc=90;pm=W;ml=128")]
    [InlineData("lt", "A\"ML=1;lt=+94.76397;lg=-0.18305;rd=50;pm=W")]
    [InlineData("lt", "A\"ML=1;lt=NaN;lg=-0.18305;rd=50;pm=W")]
    [InlineData("lg", "A\"ML=1;lt=+54.76397;lg=-180.18305;rd=50;pm=W")]
    [InlineData("lg", "A\"ML=1;lt=+54.76397;rd=50;pm=W")]
    [InlineData("rd", "A\"ML=1;lt=+54.76397;lg=-0.18305;rd=-5;pm=W")]
    [InlineData("top", "A\"ML=1;lt=+54.76397;lg=-0.18305;rd=50;top=20131317141935;pm=W")]
    [InlineData("lc", "A\"ML=1;lt=+54.76397;lg=-0.18305;rd=50;lc=101;pm=W")]
    [InlineData("pm", "A\"ML=1;lt=+54.76397;lg=-0.18305;rd=50;pm=X")]
    [InlineData("text", "A\"ML=2;lt=+54.76397;lg=-0.18305;rd=50;pm=W")]
    [InlineData("text", "A\"ML=1;lt=+54.76397;lt=+54.76397;lg=-0.18305;rd=50;pm=W")]
    [InlineData("text", "")]
    public void A_message_that_is_none_is_refused_by_its_member(string member, string text)
    {
        (AmlMessage? message, Problem? problem) = AmlMessage.Read(text);

        Assert.Equal((null, "aml.malformed", member), (message, problem?.Code, problem?.Field));
    }

    [Fact]
    public void Any_place_that_is_written_is_read_again() => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(
        (from lat in Gen.Choose(-8_999_999, 8_999_999) from lon in Gen.Choose(-17_999_999, 17_999_999) from radius in Gen.Choose(0, 50_000) select (lat, lon, radius)).ToArbitrary(),
        static place =>
        {
            AmlMessage read = Read(string.Create(
                CultureInfo.InvariantCulture, $"A\"ML=1;lt={place.lat / 1e5:+00.00000;-00.00000};lg={place.lon / 1e5:+000.00000;-000.00000};rd={place.radius};pm=G"));
            Assert.True(read.At is { } at ? (at.Lat, at.Lon, read.RadiusMeters) == (place.lat / 1e5, place.lon / 1e5, place.radius) : place is { lat: 0, lon: 0 });
        }));

    [Fact]
    public void Whatever_comes_it_is_read_or_refused_and_never_leaves_the_earth() => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(
        (from cut in Gen.Choose(0, Example.Length)
         from at in Gen.Choose(0, Example.Length)
         from letter in Gen.Elements(";=+-0N9x\"\0".ToCharArray())
         select Example[..cut].Insert(Math.Min(cut, at), letter.ToString())).ToArbitrary(),
        static text =>
        {
            (AmlMessage? message, Problem? problem) = AmlMessage.Read(text);
            Assert.NotEqual(message is null, problem is null);
            Assert.True(message?.At is not { } at || (at.IsOnEarth && message.RadiusMeters is >= 0));
        }));

    private static AmlMessage Read(string text)
    {
        (AmlMessage? message, Problem? problem) = AmlMessage.Read(text);
        Assert.Null(problem);
        return message!;
    }
}
