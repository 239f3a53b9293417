using FsCheck.Xunit;
using GeoDispatch.Ems.Care;

namespace GeoDispatch.Ems.Tests.Care;

/// <summary>Against the chart of the Royal College of Physicians (2017), written down once more as the lowest value of each band.</summary>
public sealed class ScoresTests
{
    private static readonly (double From, int Points)[] Breaths = [(0, 3), (9, 1), (12, 0), (21, 2), (25, 3)], Saturation = [(0, 3), (92, 2), (94, 1), (96, 0)],
        Pressure = [(0, 3), (91, 2), (101, 1), (111, 0), (220, 3)], Pulse = [(0, 3), (41, 1), (51, 0), (91, 1), (111, 2), (131, 3)],
        Tenths = [(0, 3), (351, 1), (361, 0), (381, 1), (391, 2)];

    private static readonly string[] Levels = ["alert", "confused", "voice", "pain", "unresponsive"];

    [Property]
    public void A_whole_set_has_the_points_of_the_chart(ushort breaths, ushort saturation, bool oxygen, ushort pressure, ushort pulse, byte level, ushort tenths)
    {
        (int rate, int percent, int systolic, int beats, int temperature) = (breaths % 121, saturation % 101, pressure % 351, pulse % 351, 200 + (tenths % 251));
        string consciousness = Levels[level % Levels.Length];

        News2 score = Scores.News2Of(Set(rate, percent, oxygen, systolic, beats, consciousness, temperature / 10.0));

        Assert.True(score.IsComplete);
        Assert.Equal(
            Of(Breaths, rate) + Of(Saturation, percent) + (oxygen ? 2 : 0) + Of(Pressure, systolic) + Of(Pulse, beats) + (consciousness == "alert" ? 0 : 3) + Of(Tenths, temperature),
            score.Total);
    }

    /// <summary>Chance alone seldom meets the edge of a band.</summary>
    [Fact]
    public void Each_value_that_can_be_measured_has_the_points_of_the_chart()
    {
        Assert.All(Enumerable.Range(0, 121), static value => Assert.Equal(Of(Breaths, value), Part("respiratoryRate", value, 98, 120, 70, 370)));
        Assert.All(Enumerable.Range(0, 101), static value => Assert.Equal(Of(Saturation, value), Part("spo2", 16, value, 120, 70, 370)));
        Assert.All(Enumerable.Range(0, 351), static value => Assert.Equal(Of(Pressure, value), Part("systolic", 16, 98, value, 70, 370)));
        Assert.All(Enumerable.Range(0, 351), static value => Assert.Equal(Of(Pulse, value), Part("heartRate", 16, 98, 120, value, 370)));
        Assert.All(Enumerable.Range(200, 251), static value => Assert.Equal(Of(Tenths, value), Part("temperature", 16, 98, 120, 70, value)));

        static int? Part(string part, int rate, int percent, int systolic, int beats, int tenths) =>
            Scores.News2Of(Set(rate, percent, false, systolic, beats, "alert", tenths / 10.0)).Parts[part];
    }

    [Fact]
    public void Where_one_of_the_seven_is_missing_there_is_no_total()
    {
        News2 score = Scores.News2Of(Set(16, 98, false, 120, 70, "alert", null));

        Assert.False(score.IsComplete);
        Assert.Null(score.Total);
        Assert.Equal(0, score.Parts["heartRate"]);
    }

    [Theory]
    [InlineData(38.04, 0)]
    [InlineData(38.05, 1)]
    [InlineData(35.04, 3)]
    public void A_temperature_counts_by_the_tenth(double celsius, int points) =>
        Assert.Equal(points, Scores.News2Of(Set(16, 98, false, 120, 70, "alert", celsius)).Parts["temperature"]);

    [Theory]
    [InlineData(1, 1, 1, 3)]
    [InlineData(4, 5, 6, 15)]
    [InlineData(2, null, 4, null)]
    public void The_coma_scale_is_the_sum_of_its_three_or_nothing(int? eye, int? verbal, int? motor, int? total) =>
        Assert.Equal(total, Scores.Gcs(Set(null, null, null, null, null, null, null) with { Eye = eye, Verbal = verbal, Motor = motor }));

    [Property]
    public void One_wrong_digit_of_an_identity_number_is_noticed(byte at, byte other)
    {
        const string Number = "11010519491231002X";
        Assert.True(Person.IsIdentityNumber(Number));
        int place = at % 17;
        char digit = (char)('0' + (other % 10));

        Assert.Equal(digit == Number[place], Person.IsIdentityNumber(Number[..place] + digit + Number[(place + 1)..]));
    }

    private static int Of((double From, int Points)[] bands, double value) => bands.Last(band => value >= band.From).Points;

    private static Measured Set(int? rate, int? percent, bool? oxygen, int? systolic, int? beats, string? consciousness, double? celsius) =>
        new(beats, systolic, null, percent, rate, celsius, null, oxygen, null, null, null, consciousness, null);
}
