using System.Collections.ObjectModel;

namespace GeoDispatch.Ems.Care;

/// <summary>The National Early Warning Score of one set of vitals.</summary>
/// <param name="Total">0 to 20; null where <paramref name="IsComplete"/> is false.</param>
/// <param name="Parts">0 to 3 points of each of the seven that were measured, by name; null where it was not.</param>
/// <param name="IsComplete">All seven were measured. A sum of fewer would look like somebody who is well.</param>
internal sealed record News2(int? Total, IReadOnlyDictionary<string, int?> Parts, bool IsComplete);

/// <summary>What scales make of vitals. Pure.</summary>
internal static class Scores
{
    /// <summary>Below this age NEWS2 does not hold (Royal College of Physicians 2017).</summary>
    internal const int AdultYears = 16;

    /// <summary>Glasgow Coma Scale (Teasdale and Jennett 1974), 3 to 15; null where one of its three was not tested.</summary>
    internal static int? Gcs(Measured vitals) => vitals.Eye + vitals.Verbal + vitals.Motor;

    /// <summary>
    /// NEWS2 (Royal College of Physicians, National Early Warning Score 2, December 2017), saturation by scale 1. Scale 2, for whom a doctor prescribed 88 to
    /// 92 %, is not used: before the hospital nobody has that prescription.
    /// </summary>
    internal static News2 News2Of(Measured vitals)
    {
        var parts = new Dictionary<string, int?>(StringComparer.Ordinal)
        {
            ["respiratoryRate"] = vitals.RespiratoryRate switch { null => null, <= 8 => 3, <= 11 => 1, <= 20 => 0, <= 24 => 2, _ => 3 },
            ["spo2"] = vitals.Spo2Percent switch { null => null, <= 91 => 3, <= 93 => 2, <= 95 => 1, _ => 0 },
            ["oxygen"] = vitals.OnOxygen switch { null => null, true => 2, false => 0 },
            ["systolic"] = vitals.SystolicMmHg switch { null => null, <= 90 => 3, <= 100 => 2, <= 110 => 1, <= 219 => 0, _ => 3 },
            ["heartRate"] = vitals.HeartRate switch { null => null, <= 40 => 3, <= 50 => 1, <= 90 => 0, <= 110 => 1, <= 130 => 2, _ => 3 },
            // New confusion counts as much as no answer: the C of ACVPU.
            ["consciousness"] = vitals.Consciousness switch { null => null, "alert" => 0, _ => 3 },
            // The chart knows tenths of a degree: 38.04 is 38.0.
            ["temperature"] = vitals.TemperatureCelsius is not { } celsius ? null : Math.Round((decimal)celsius, 1, MidpointRounding.AwayFromZero) switch
            {
                <= 35.0m => 3,
                <= 36.0m => 1,
                <= 38.0m => 0,
                <= 39.0m => 1,
                _ => 2,
            },
        };
        bool isComplete = parts.Values.All(static part => part is not null);
        return new News2(isComplete ? parts.Values.Sum() : null, new ReadOnlyDictionary<string, int?>(parts), isComplete);
    }
}
