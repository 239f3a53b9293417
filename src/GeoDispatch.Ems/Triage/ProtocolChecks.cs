using System.Text.RegularExpressions;
using GeoDispatch.Ems.Hospitals;

namespace GeoDispatch.Ems.Triage;

/// <summary>What is wrong with a protocol, and where: Chinese / English.</summary>
/// <param name="Place">The question and the answer, or another part; null for the protocol as a whole.</param>
internal sealed record Fault(string? Place, string What)
{
    public override string ToString() => Place is null ? What : $"{Place}: {What}";
}

/// <summary>Whether a call taker may be led by a protocol: every path ends, in at most twelve questions, and everything is said in both languages.</summary>
internal static partial class ProtocolChecks
{
    /// <summary>The most questions on one path. A caller in need does not answer more.</summary>
    internal const int MostQuestions = 12;

    private const int MostText = 300, MostAnswers = 9;

    /// <returns>Nothing where the protocol is good.</returns>
    internal static IReadOnlyList<Fault> Check(Protocol own, SharedParts shared)
    {
        Protocol whole = own.With(shared);
        // Before the paths are walked each step of them must lead somewhere.
        Fault[] faults = [.. CheckHead(own), .. own.Questions.SelectMany(question => CheckQuestion(own, shared, question.Key, question.Value))];
        return
        [
            .. faults,
            .. own.Determinants.SelectMany(one => CheckDeterminant(own, shared, one.Key, one.Value)),
            .. own.Instructions.SelectMany(static one => CheckInstructions(one.Key, one.Value)),
            .. CheckDepth(whole),
            .. Unreached("问题", "question", own.Questions.Keys, whole.Questions.Keys),
            .. Unreached("判定", "determinant", own.Determinants.Keys, whole.Determinants.Keys),
            .. Unreached("指导", "instructions", own.Instructions.Keys, whole.Instructions.Keys),
        ];
    }

    private static IEnumerable<Fault> CheckHead(Protocol own)
    {
        if (!Code().IsMatch(own.Code))
        {
            yield return new Fault("code", $"{own.Code}: 小写字母开头,至多 32 个字母数字 / letters and digits, a small letter first, at most 32");
        }

        if (own.Number is < 1 or > 99)
        {
            yield return new Fault("number", $"{own.Number}: 1…99");
        }

        if (own.Version < 1)
        {
            yield return new Fault("version", $"{own.Version}: 从 1 起 / 1 or more");
        }

        if (!IsSaid(own.Name) || !IsText(own.Principles) || (own.ApprovedBy is not null && !IsText(own.ApprovedBy)))
        {
            yield return new Fault("name", "名称须中英文齐全,并写明依据 / a name in both languages, and principles");
        }

        if (own.Words.Count == 0 || !own.Words.All(IsText))
        {
            yield return new Fault("words", "至少一个检索词 / at least one word to find it by");
        }
    }

    private static IEnumerable<Fault> CheckQuestion(Protocol own, SharedParts shared, string code, Question question)
    {
        string place = $"问题 question {code}";
        if (!Code().IsMatch(code) || !IsSaid(question.Ask) || !IsText(question.Short))
        {
            yield return new Fault(place, "须有代码、中英文问句和短名 / a code, the question in both languages and a short name");
        }

        if (question.Answers.Count is < 2 or > MostAnswers)
        {
            yield return new Fault(place, $"答案 2 至 {MostAnswers} 个 / 2 to {MostAnswers} answers");
        }

        foreach ((int index, Answer answer) in question.Answers.Index())
        {
            string at = $"{place}, 答案 answer {answer.Code}";
            if (!Code().IsMatch(answer.Code) || question.Answers.Take(index).Any(before => before.Code == answer.Code))
            {
                yield return new Fault(at, "答案代码缺失或重复 / the answer's code is missing or stands twice");
            }

            if (!IsText(answer.Zh) || !IsText(answer.En))
            {
                yield return new Fault(at, "须中英文齐全 / must be in both languages");
            }

            if (Leads(own, shared, answer) is { } wrong)
            {
                yield return new Fault(at, wrong);
            }
        }
    }

    private static string? Leads(Protocol own, SharedParts shared, Answer answer) => answer switch
    {
        { Next: null, End: null } => "没有去处 / leads nowhere: next or end",
        { Next: not null, End: not null } => "next 与 end 只能有一个 / either next or end",
        { Next: { } next } when !own.Questions.ContainsKey(next) && !shared.Questions.ContainsKey(next) => $"没有问题 {next} / there is no question {next}",
        { End: { } end } when !own.Determinants.ContainsKey(end) && !shared.Determinants.ContainsKey(end) => $"没有判定 {end} / there is no determinant {end}",
        _ => null,
    };

    private static IEnumerable<Fault> CheckDeterminant(Protocol own, SharedParts shared, string code, Determinant determinant)
    {
        string place = $"判定 determinant {code}";
        bool isShared = shared.Determinants.ContainsKey(code);
        if (!DeterminantCode().IsMatch(code) || (!isShared && !code.StartsWith($"{own.Number:00}-", StringComparison.Ordinal))
            || code[3].ToString() != determinant.Level)
        {
            yield return new Fault(place, $"代码须为 {own.Number:00}-等级加字母 / its code must be {own.Number:00}-, its level and a letter");
        }

        if (!TriageCodes.Levels.Contains(determinant.Level))
        {
            yield return new Fault(place, $"level {determinant.Level}: {string.Join(" | ", TriageCodes.Levels)}");
        }

        if (!IsText(determinant.Zh) || !IsText(determinant.En))
        {
            yield return new Fault(place, "须中英文齐全 / must be in both languages");
        }

        if (!TriageCodes.Crews.Contains(determinant.Crew))
        {
            yield return new Fault(place, $"crew {determinant.Crew}: {string.Join(" | ", TriageCodes.Crews)}");
        }

        foreach (string unknown in determinant.Equipment.Where(static code => !TriageCodes.Equipment.Contains(code)))
        {
            yield return new Fault(place, $"equipment {unknown}: {string.Join(" | ", TriageCodes.Equipment)}");
        }

        if (determinant.Hospital is { } hospital && !HospitalCapability.Codes.Contains(hospital))
        {
            yield return new Fault(place, $"hospital {hospital}: {string.Join(" | ", HospitalCapability.Codes)}");
        }

        if (!own.Instructions.ContainsKey(determinant.Instructions) && !shared.Instructions.ContainsKey(determinant.Instructions))
        {
            yield return new Fault(place, $"没有指导 {determinant.Instructions} / there are no instructions {determinant.Instructions}");
        }
    }

    private static IEnumerable<Fault> CheckInstructions(string code, Instructions instructions)
    {
        if (instructions.Steps.Count == 0 || !instructions.Steps.All(IsSaid) || !IsText(instructions.Source)
            || instructions.Cpr is { } cpr && (cpr.PerMinute is < 100 or > 120 || !TriageCodes.Patients.Contains(cpr.Patient)
                || cpr.DepthCentimeters is not [> 0 and var least, <= 10 and var most] || least > most))
        {
            yield return new Fault(
                $"指导 instructions {code}", "须有中英文步骤和出处;按压每分钟 100–120 次 / steps in both languages and a source; 100 to 120 compressions a minute");
        }
    }

    /// <summary>The longest way from each question, found once; a question that is met again on the way to itself is a loop.</summary>
    private static IEnumerable<Fault> CheckDepth(Protocol whole)
    {
        var longest = new Dictionary<string, int>(StringComparer.Ordinal);
        var way = new HashSet<string>(StringComparer.Ordinal);
        if (!whole.Questions.ContainsKey(whole.Begin))
        {
            return [new Fault("begin", $"没有问题 {whole.Begin} / there is no question {whole.Begin}")];
        }

        string? looped = null;
        int depth = From(whole.Begin);
        return looped is not null ? [new Fault($"问题 question {looped}", "问到自己,成了循环 / comes back to itself: a loop")]
            : depth > MostQuestions ? [new Fault("begin", $"最长一路 {depth} 问,至多 {MostQuestions} 问 / the longest path has {depth} questions, at most {MostQuestions}")]
            : [];

        int From(string code)
        {
            if (longest.TryGetValue(code, out int known) || !whole.Questions.TryGetValue(code, out Question? question))
            {
                return known;
            }

            if (!way.Add(code))
            {
                looped ??= code;
                return 0;
            }

            int most = 1 + question.Answers.Select(answer => answer.Next is { } next ? From(next) : 0).DefaultIfEmpty().Max();
            way.Remove(code);
            return longest[code] = most;
        }
    }

    private static IEnumerable<Fault> Unreached(string zh, string en, IEnumerable<string> own, IEnumerable<string> reached) =>
        own.Except(reached).Select(code => new Fault($"{zh} {en} {code}", "没有答案通到这里 / no answer leads here"));

    private static bool IsSaid(Bilingual said) => IsText(said.Zh) && IsText(said.En);

    private static bool IsText(string text) => !string.IsNullOrWhiteSpace(text) && text.Length <= MostText && !text.Any(char.IsControl);

    [GeneratedRegex("^[a-z][A-Za-z0-9]{0,31}$", RegexOptions.NonBacktracking)]
    private static partial Regex Code();

    [GeneratedRegex("^[0-9]{2}-[1-4T][A-Z]$", RegexOptions.NonBacktracking)]
    private static partial Regex DeterminantCode();
}
