using GeoDispatch.Dispatch.Calls.Link;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Ems.Prealerts;
using GeoDispatch.Postgres;

namespace GeoDispatch.Ems.Care;

/// <summary>One set of vitals; null where something was not measured.</summary>
/// <param name="HeartRate">Beats a minute; the ranges down to <paramref name="TemperatureCelsius"/> are those of <see cref="Vitals"/>.</param>
/// <param name="GlucoseMmolL">0 to 60.</param>
/// <param name="OnOxygen">He breathes more than air.</param>
/// <param name="Eye">Of the Glasgow Coma Scale: eyes 1 to 4, as <paramref name="Verbal"/> 1 to 5 and <paramref name="Motor"/> 1 to 6.</param>
/// <param name="Consciousness"><c>alert</c>, <c>confused</c>, <c>voice</c>, <c>pain</c>, <c>unresponsive</c> (ACVPU).</param>
/// <param name="Pupils">At most 50 characters.</param>
internal sealed record Measured(
    int? HeartRate, int? SystolicMmHg, int? DiastolicMmHg, int? Spo2Percent, int? RespiratoryRate, double? TemperatureCelsius, double? GlucoseMmolL, bool? OnOxygen,
    int? Eye, int? Verbal, int? Motor, string? Consciousness, string? Pupils)
{
    private static readonly Measured Nothing = new(null, null, null, null, null, null, null, null, null, null, null, null, null);

    internal Problem? Check() => this with { Pupils = Fields.Trim(Pupils) } == Nothing
        ? Fields.Bad("vitals", null, "至少一项 / at least one of them")
        : new Vitals(HeartRate, SystolicMmHg, DiastolicMmHg, Spo2Percent, RespiratoryRate, null, TemperatureCelsius).Check("vitals")
            ?? Vitals.Bound("vitals.glucoseMmolL", GlucoseMmolL, 0, 60) ?? Vitals.Bound("vitals.eye", Eye, 1, 4) ?? Vitals.Bound("vitals.verbal", Verbal, 1, 5)
            ?? Vitals.Bound("vitals.motor", Motor, 1, 6)
            ?? (Consciousness is null ? null : Fields.OneOf("vitals.consciousness", Consciousness, "alert", "confused", "voice", "pain", "unresponsive"))
            ?? Fields.Text("vitals.pupils", Pupils, 0, 50);
}

/// <summary>What was done.</summary>
/// <param name="Code">One of <see cref="CareCodes.Treatments"/>.</param>
/// <param name="Detail">At most 200 characters; needed of a drug and of what has no code of its own.</param>
internal sealed record Treatment(string? Code, string? Detail);

/// <summary>What one entry of a patient's record says: the members that its kind has, and no others.</summary>
/// <param name="Text">A note or an impression, words to a photo or an outcome, or the signer's name.</param>
/// <param name="Signer"><c>patient</c>, <c>family</c>, <c>nurse</c>, <c>doctor</c>.</param>
/// <param name="Statement">What was signed: <c>handedOver</c>, <c>refused</c>, <c>informed</c>.</param>
/// <param name="Outcome">One of <see cref="CareCodes.Outcomes"/>.</param>
internal sealed record EntryBody(Measured? Vitals, Treatment? Treatment, string? Text, string? Signer, string? Statement, string? Outcome)
{
    private const int MostPhotoBytes = 700_000, MostSignatureBytes = 100_000;

    /// <summary>Of a treatment or an outcome: what may be counted without the patient's key.</summary>
    internal string? Code => Treatment?.Code ?? Outcome;

    /// <param name="image">As base64; with a photo or a signature.</param>
    /// <param name="content">The image and its media type by its first bytes.</param>
    internal Problem? Check(string? kind, string? image, out (byte[] Bytes, string Type)? content)
    {
        content = null;
        if (Fields.OneOf("kind", kind, [.. CareCodes.Kinds.Keys]) is { } unknown)
        {
            return unknown;
        }

        (string Name, bool Is)[] given =
        [
            ("vitals", Vitals is not null), ("treatment", Treatment is not null), ("text", Text is not null), ("signer", Signer is not null),
            ("statement", Statement is not null), ("outcome", Outcome is not null), ("image", image is not null),
        ];
        string[] members = CareCodes.Kinds[kind!];
        if (given.FirstOrDefault(one => one.Is && !members.Contains(one.Name)) is { Name: { } stray })
        {
            return Fields.Bad(stray, null, $"{kind} 只有 / has only: {string.Join(", ", members)}");
        }

        return kind switch
        {
            "vitals" => Vitals is null ? Fields.Bad("vitals", null, "至少一项 / at least one of them") : Vitals.Check(),
            "treatment" => CheckTreatment(),
            "note" => Fields.Text("text", Text, 1, 1000),
            "impression" => Fields.Text("text", Text, 1, 200),
            "photo" => Fields.Text("text", Text, 0, 100) ?? CheckImage(image, MostPhotoBytes, ["image/jpeg", "image/png", "image/webp"], out content),
            "signature" => Fields.OneOf("signer", Signer, "patient", "family", "nurse", "doctor")
                ?? Fields.OneOf("statement", Statement, "handedOver", "refused", "informed")
                ?? (Fields.Text("text", Text, 0, 50) is { } bad ? bad with { Value = "(不显示 / hidden)" } : null)
                ?? CheckImage(image, MostSignatureBytes, ["image/png"], out content),
            _ => Fields.OneOf("outcome", Outcome, CareCodes.Outcomes) ?? Fields.Text("text", Text, 0, 500),
        };
    }

    private Problem? CheckTreatment() => Fields.OneOf("treatment.code", Treatment?.Code, CareCodes.Treatments)
        ?? Fields.Text("treatment.detail", Treatment!.Detail, Treatment.Code is "drug" or "other" ? 1 : 0, 200);

    private static Problem? CheckImage(string? image, int most, string[] types, out (byte[] Bytes, string Type)? content)
    {
        byte[] bytes = new byte[((image?.Length ?? 0) / 4 * 3) + 3];
        content = image is not null && Convert.TryFromBase64String(image, bytes, out int length) && length <= most && TypeOf(bytes.AsSpan(0, length)) is { } type && types.Contains(type)
            ? (bytes[..length], type)
            : null;
        return content is null
            ? Fields.Bad("image", image is null ? null : $"{image.Length * 3L / 4} B", $"base64, {most / 1000} kB 以内 / at most {most / 1000} kB: {string.Join(" | ", types)}")
            : null;
    }

    /// <summary>By its first bytes; WebP as in RFC 9649, section 2.3.</summary>
    private static string? TypeOf(ReadOnlySpan<byte> image) =>
        image.Length > 16 && image[..4].SequenceEqual("RIFF"u8) && image[8..12].SequenceEqual("WEBP"u8) ? "image/webp" : PhotoHeader.TypeOf(image);
}

/// <summary>The codes of a patient's record.</summary>
internal static class CareCodes
{
    /// <summary>The kinds of entries, each with its members.</summary>
    internal static readonly IReadOnlyDictionary<string, string[]> Kinds = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["vitals"] = ["vitals"],
        ["treatment"] = ["treatment"],
        ["note"] = ["text"],
        ["impression"] = ["text"],
        ["photo"] = ["image", "text"],
        ["signature"] = ["image", "signer", "text", "statement"],
        ["outcome"] = ["outcome", "text"],
    };

    /// <summary>What crews do.</summary>
    internal static readonly string[] Treatments =
        ["cpr", "aed", "airway", "intubation", "oxygen", "ivAccess", "drug", "ecg", "bandage", "splint", "collar", "delivery", "other"];

    /// <summary>How it ended for a patient; but for the first, the vehicle goes back empty (放空).</summary>
    internal static readonly string[] Outcomes = ["transported", "treatedOnScene", "refusedTransport", "diedOnScene", "notFound"];
}
