using System.Globalization;
using System.Text.RegularExpressions;
using GeoDispatch.Dispatch.Calls;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Postgres;

namespace GeoDispatch.Ems.Care;

/// <summary>Who a patient is, as far as anybody knows: all null is a 无名氏.</summary>
/// <param name="Name">1 to 50 characters.</param>
/// <param name="Sex"><c>male</c> or <c>female</c>.</param>
/// <param name="AgeYears">0 to 130.</param>
/// <param name="IdNumber">18 characters with the check character of GB 11643-1999; of a passport 5 to 20 letters and digits.</param>
/// <param name="IdKind"><c>passport</c>; else an identity card.</param>
/// <param name="Phone">3 to 20 digits, perhaps after a plus.</param>
/// <param name="Address">1 to 500 characters, as the following.</param>
/// <param name="Contact">Whom to tell.</param>
internal sealed partial record Person(
    string? Name, string? Sex, int? AgeYears, string? IdNumber, string? IdKind, string? Phone, string? Address, string? Contact, string? Allergies, string? History,
    string? Medication, string? Complaint)
{
    private const string Passport = "passport", CheckCharacters = "10X98765432";
    private static readonly int[] Weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

    /// <summary>Refusals do not repeat what was written: they end up on screens and in logs.</summary>
    internal Problem? Check() =>
        (Sex is null ? null : Fields.OneOf("person.sex", Sex, "male", "female"))
        ?? (AgeYears is null or (>= 0 and <= 130) ? null : Fields.Bad("person.ageYears", AgeYears.Value.ToString(CultureInfo.InvariantCulture), "0…130"))
        ?? (IdKind is null ? null : Fields.OneOf("person.idKind", IdKind, Passport))
        ?? (Written("name", Name, 50) ?? CheckIdNumber()
            ?? (Phone is null || Telephone().IsMatch(Phone) ? null : Fields.Bad("person.phone", null, "3 至 20 位数字,可前加 + / 3 to 20 digits, a + before them allowed"))
            ?? Written("address", Address) ?? Written("contact", Contact) ?? Written("allergies", Allergies) ?? Written("history", History)
            ?? Written("medication", Medication) ?? Written("complaint", Complaint)) switch
        {
            null => null,
            { } bad => bad with { Value = "(不显示 / hidden)" },
        };

    /// <summary>As dispatchers see it: 王*, 3705**********1234, 138****5521; no address, and nobody to tell.</summary>
    internal Person Masked() => this with
    {
        Name = MaskName(Name),
        IdNumber = IdNumber switch
        {
            null => null,
            { Length: >= 12 } id => $"{id[..4]}{new string('*', id.Length - 8)}{id[^4..]}",
            var id => $"****{id[^2..]}",
        },
        Phone = PhoneNumber.Mask(Phone),
        Address = null,
        Contact = null,
    };

    internal static string? MaskName(string? name) => name is null ? null : $"{StringInfo.GetNextTextElement(name)}*";

    /// <summary>Whether a number of a Chinese identity card is one: its last character follows from the 17 before it (GB 11643-1999, ISO 7064 MOD 11-2).</summary>
    internal static bool IsIdentityNumber(string number) => number.Length == 18 && number.AsSpan(0, 17).IndexOfAnyExceptInRange('0', '9') < 0
        && CheckCharacters[Weights.Select((weight, at) => weight * (number[at] - '0')).Sum() % 11] == char.ToUpperInvariant(number[17]);

    private Problem? CheckIdNumber() => IdNumber switch
    {
        null => IdKind is null ? null : Fields.Bad("person.idNumber", null, "护照号 / the passport's number"),
        { } number when IdKind == Passport => PassportNumber().IsMatch(number) ? null : Fields.Bad("person.idNumber", null, "5 至 20 位字母或数字 / 5 to 20 letters and digits"),
        { } number => IsIdentityNumber(number)
            ? null
            : Fields.Bad("person.idNumber", null, "18 位,末位为校验码;护照请写 idKind: passport / 18 characters, the last one checks the others; of a passport say idKind: passport"),
    };

    private static Problem? Written(string field, string? value, int most = 500) => value is null ? null : Fields.Text($"person.{field}", value, 1, most);

    [GeneratedRegex(@"^\+?[0-9]{3,20}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Telephone();

    [GeneratedRegex(@"^[A-Za-z0-9]{5,20}\z", RegexOptions.NonBacktracking)]
    private static partial Regex PassportNumber();
}
