using FsCheck.Fluent;
using GeoDispatch.Dispatch.Calls.Link;

namespace GeoDispatch.Dispatch.Tests.Calls;

public sealed class PhotoHeaderTests
{
    // Start of image; an application segment of 4 bytes, as cameras put one before; frame header of 480 by 640.
    private static readonly byte[] Jpeg =
        [0xff, 0xd8, 0xff, 0xe1, 0x00, 0x04, 0x45, 0x78, 0xff, 0xc2, 0x00, 0x0b, 0x08, 0x01, 0xe0, 0x02, 0x80, 0x01, 0x01, 0x11, 0x00];

    [Fact]
    public void A_photo_is_what_its_first_bytes_say()
    {
        Assert.Equal("image/jpeg", PhotoHeader.TypeOf(Jpeg));
        Assert.Null(PhotoHeader.TypeOf("GIF89a"u8));
        Assert.Null(PhotoHeader.TypeOf("<svg onload=alert(1)>"u8));
        Assert.Null(PhotoHeader.TypeOf([]));
    }

    [Fact]
    public void A_photo_without_a_size_or_with_one_beyond_reason_is_none()
    {
        Assert.Null(PhotoHeader.TypeOf([.. Jpeg[..13], 0x00, 0x00, .. Jpeg[15..]]));
        Assert.Null(PhotoHeader.TypeOf([.. Jpeg[..15], 0xff, 0xff, .. Jpeg[17..]]));
    }

    [Fact]
    public void Whatever_bytes_come_they_are_judged() => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(
        (from cut in Gen.Choose(0, Jpeg.Length) from at in Gen.Choose(0, Jpeg.Length - 1) from value in Gen.Choose(0, 255) select (cut, at, value)).ToArbitrary(),
        static change =>
        {
            byte[] bytes = [.. Jpeg];
            bytes[change.at] = (byte)change.value;
            Assert.True(PhotoHeader.TypeOf(bytes.AsSpan(0, change.cut)) is null or "image/jpeg");
        }));
}
