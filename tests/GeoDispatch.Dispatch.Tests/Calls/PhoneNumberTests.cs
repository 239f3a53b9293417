using GeoDispatch.Dispatch.Calls;

namespace GeoDispatch.Dispatch.Tests.Calls;

public sealed class PhoneNumberTests
{
    [Theory]
    [InlineData("13800005521", "13800005521", "138****5521")]
    [InlineData("+86 138-0000-5521", "13800005521", "138****5521")]
    [InlineData("0086 (138) 00005521", "13800005521", "138****5521")]
    [InlineData("0546-8300000", "05468300000", "054****0000")]
    [InlineData("+44 20 7946 0000", "+442079460000", "+44****0000")]
    [InlineData("110", "110", "****10")]
    [InlineData("", null, null)]
    [InlineData("anonymous", null, null)]
    [InlineData("12", null, null)]
    public void However_it_is_written_a_number_has_one_form_and_a_mask(string said, string? kept, string? masked) =>
        Assert.Equal((kept, masked), (PhoneNumber.Normalize(said), PhoneNumber.Mask(PhoneNumber.Normalize(said))));
}
