using System.Globalization;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Postgres;

namespace GeoDispatch.Ems.Prealerts;

/// <summary>What was measured last; null where it was not.</summary>
/// <param name="HeartRate">Beats a minute, 0 to 350.</param>
/// <param name="SystolicMmHg">0 to 350.</param>
/// <param name="DiastolicMmHg">0 to 250, at most the systolic one.</param>
/// <param name="Spo2Percent">0 to 100.</param>
/// <param name="RespiratoryRate">Breaths a minute, 0 to 120.</param>
/// <param name="Gcs">Glasgow Coma Scale, 3 to 15.</param>
/// <param name="TemperatureCelsius">20 to 45.</param>
internal sealed record Vitals(
    int? HeartRate, int? SystolicMmHg, int? DiastolicMmHg, int? Spo2Percent, int? RespiratoryRate, int? Gcs, double? TemperatureCelsius)
{
    /// <param name="at">The member that they are, such as <c>patient.vitals</c>.</param>
    internal Problem? Check(string at) => Bound($"{at}.heartRate", HeartRate, 0, 350) ?? Bound($"{at}.systolicMmHg", SystolicMmHg, 0, 350)
        ?? Bound($"{at}.diastolicMmHg", DiastolicMmHg, 0, Math.Min(SystolicMmHg ?? 250, 250)) ?? Bound($"{at}.spo2Percent", Spo2Percent, 0, 100)
        ?? Bound($"{at}.respiratoryRate", RespiratoryRate, 0, 120) ?? Bound($"{at}.gcs", Gcs, 3, 15)
        ?? Bound($"{at}.temperatureCelsius", TemperatureCelsius, 20, 45);

    internal static Problem? Bound(string field, double? value, int least, int most) => value is null || (value >= least && value <= most)
        ? null
        : Fields.Bad(field, value.Value.ToString(CultureInfo.InvariantCulture), $"{least}…{most}");
}

/// <summary>What the emergency department is told of a patient: enough to prepare, and nothing that names him.</summary>
/// <param name="AgeYears">0 to 130; null where nobody knows, as with <paramref name="Sex"/>.</param>
/// <param name="Sex"><c>male</c> or <c>female</c>.</param>
/// <param name="Complaint">1 to 200 characters.</param>
/// <param name="Determinant">What the telephone triage or the crew found it to be, at most 200 characters.</param>
/// <param name="Text">Whatever else, at most 500 characters.</param>
internal sealed record PatientSummary(int? AgeYears, string? Sex, string? Complaint, string? Determinant, Vitals? Vitals, string? Text)
{
    internal Problem? Check() =>
        (AgeYears is null or (>= 0 and <= 130) ? null : Fields.Bad("patient.ageYears", AgeYears.Value.ToString(CultureInfo.InvariantCulture), "0…130"))
        ?? (Sex is null ? null : Fields.OneOf("patient.sex", Sex, "male", "female"))
        ?? Fields.Text("patient.complaint", Complaint, 1, 200) ?? Fields.Text("patient.determinant", Determinant, 0, 200) ?? Fields.Text("patient.text", Text, 0, 500)
        ?? Vitals?.Check("patient.vitals");
}
