using GeoDispatch.Postgres;

namespace GeoDispatch.Ems.Triage;

/// <summary>One question of a protocol with the answer that was given to it, by their codes.</summary>
internal readonly record struct Given(string Question, string Answer);

/// <summary>How far the answers lead.</summary>
/// <param name="Path">The answers that count, in the order in which their questions are asked.</param>
/// <param name="Next">The question to ask now; or else</param>
/// <param name="Determinant">what was reached.</param>
internal sealed record TriageState(IReadOnlyList<Given> Path, string? Next, string? Determinant);

/// <summary>
/// Where answers lead, and which may be given. Answers are never changed: of those to one question the last counts, and with it another path may
/// be taken; what then lies beside the path is kept and counts no more.
/// </summary>
internal static class TriageDecider
{
    /// <param name="given">In the order in which they were given.</param>
    internal static TriageState Walk(Protocol protocol, IEnumerable<Given> given)
    {
        var last = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Given one in given)
        {
            last[one.Question] = one.Answer;
        }

        var path = new List<Given>();
        string? next = protocol.Begin;
        string? end = null;
        while (next is not null && last.TryGetValue(next, out string? code)
            && protocol.Questions[next].Answers.FirstOrDefault(answer => answer.Code == code) is { } answer)
        {
            path.Add(new Given(next, code));
            (next, end) = (answer.Next, answer.End);
        }

        return new TriageState(path, next, end);
    }

    /// <summary>Whether these answers may follow those: each to the question that is next, or to one on the path, which it corrects.</summary>
    /// <returns>Null where all of them may; else which one may not and what would be right.</returns>
    internal static Problem? Decide(Protocol protocol, IReadOnlyList<Given> before, IReadOnlyList<Given> more)
    {
        var all = new List<Given>(before);
        foreach ((int index, Given one) in more.Index())
        {
            TriageState state = Walk(protocol, all);
            string[] open = [.. state.Path.Select(static answered => answered.Question), .. state.Next is null ? Array.Empty<string>() : [state.Next]];
            if (!open.Contains(one.Question))
            {
                return TriageProblems.Unfit(
                    $"answers[{index}].question", one.Question,
                    protocol.Questions.ContainsKey(one.Question)
                        ? $"{protocol.Code} 还没问到 / not asked yet; {string.Join(" | ", open)}"
                        : $"{protocol.Code} 没有此问题 / has no such question; {string.Join(" | ", open)}");
            }

            IReadOnlyList<Answer> answers = protocol.Questions[one.Question].Answers;
            if (!answers.Any(answer => answer.Code == one.Answer))
            {
                return TriageProblems.Unfit(
                    $"answers[{index}].answer", one.Answer,
                    $"问题 {one.Question} 的答案 / the answers to {one.Question}: {string.Join(" | ", answers.Select(static answer => answer.Code))}");
            }

            all.Add(one);
        }

        return null;
    }
}

/// <summary>Every refusal of triage. None repeats what was said of a patient but the code or text at fault.</summary>
internal static class TriageProblems
{
    internal static Problem BadField(string field, string? value, string right) => new(
        400, "triage.bad_field", "内容不对 / Bad content", $"{field}: {right}", field, value);

    internal static Problem Unfit(string field, string? value, string right) => new(
        400, "triage.answer_unfit", "答案不合预案 / The answer does not fit the protocol", right, field, value);

    internal static Problem ProtocolUnknown(string? code, IEnumerable<string> known) => new(
        400, "triage.protocol_unknown", "没有此预案 / No such protocol", string.Join(" | ", known), "protocol", code);

    internal static Problem ProtocolChanged(string code, int inForce, string value) => new(
        409, "triage.protocol_changed", "预案已更新 / The protocol has changed",
        $"{code} 现为第 {inForce} 版,重新读取预案后再问 / {code} is at version {inForce}: read the protocols again", "version", value);

    internal static Problem CallUnknown(Guid id) => new(
        404, "call.unknown", "没有此来电 / No such call", "核对编号后重试 / Check the id", "id", id.ToString());

    internal static Problem IncidentUnknown(Guid id) => new(
        404, "incident.unknown", "没有此警情 / No such incident", "核对编号后重试 / Check the id", "id", id.ToString());

    internal static Problem CommandReused(Guid id) => new(
        409, "command.id_reused", "命令编号已用于别的命令 / Command id already used",
        "每条新命令须用新的 commandId / Each new command needs a new commandId", "commandId", id.ToString());

    internal static Problem LevelUnknown(string code) => new(
        404, "level.unknown", "没有此等级 / No such level", string.Join(" | ", TriageCodes.Levels), "code", code);
}
