using GeoDispatch.Tracking.Devices;
using GeoDispatch.Tracking.Devices.Jt808;

namespace GeoDispatch.Tracking.Tests.Devices;

/// <summary>What is made of a text before a terminal gets it.</summary>
public sealed class VehicleTextTests
{
    [Theory]
    [InlineData("A12 派单 I3 P1 胸痛", "A12 派单 I3 P1 胸痛")]
    [InlineData("府前街\n18号\t3单元 ", "府前街 18号 3单元")]
    [InlineData("🚑来", "??来")]
    public void A_terminal_gets_characters_that_it_can_show(string text, string shown) => Assert.Equal(shown, VehicleTexts.Showable(text));

    [Fact]
    public void A_long_text_is_cut_between_two_characters_so_that_it_is_still_sent()
    {
        string shown = VehicleTexts.Showable("x" + new string('急', 600));

        Assert.Equal("x" + new string('急', 499), shown);
        Assert.Null(Jt808Downward.Of(new TerminalCommand("text", shown)).Problem);
    }
}
