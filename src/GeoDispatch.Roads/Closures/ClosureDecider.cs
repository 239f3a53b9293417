using System.Globalization;
using GeoDispatch.Postgres;

namespace GeoDispatch.Roads.Closures;

/// <summary>Something that is wanted of a closure.</summary>
internal abstract record ClosureCommand(ClosureMaker By)
{
    /// <summary>A new one.</summary>
    internal sealed record Make(Guid Id, ClosureTerms Terms, Understood Understood, ClosureMaker By) : ClosureCommand(By);

    /// <summary>Other terms for one that has not ended.</summary>
    internal sealed record Change(ClosureTerms Terms, Understood Understood, ClosureMaker By) : ClosureCommand(By);

    /// <summary>It ends now; one that was planned never begins.</summary>
    internal sealed record Lift(ClosureMaker By) : ClosureCommand(By);
}

/// <summary>What becomes of a closure: its event's type and how it stands after, or why nothing does.</summary>
internal sealed record ClosureDecision(string Type, Closure? After, Problem? Refusal);

/// <summary>Decides what may happen to a closure.</summary>
internal static class ClosureDecider
{
    /// <summary>The longest that a closure may last, and the furthest that it may be planned ahead or dated back.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>The most streets that one closure may take, in metres.</summary>
    internal const double MostMeters = 200_000;

    internal static ClosureDecision Decide(Closure? before, ClosureCommand command, DateTimeOffset now) => (command, before) switch
    {
        (ClosureCommand.Make make, null) => Wrong(make.Terms, make.Understood, now) is { } wrong
            ? Refuse(wrong)
            : new("made", new Closure(make.Id, 1, make.Terms, make.Understood, null, now, make.By.Name, make.By.Department), null),
        (_, null) => Refuse(ClosureProblems.Unknown),
        (_, _) when before.StateAt(now) == "ended" => Refuse(ClosureProblems.Ended),
        (ClosureCommand.Change change, _) => Wrong(change.Terms, change.Understood, now) is { } wrong
            ? Refuse(wrong)
            : new("changed", before with { Version = before.Version + 1, Terms = change.Terms, Understood = change.Understood }, null),
        (ClosureCommand.Lift, _) => new("lifted", before with { Version = before.Version + 1, LiftedAt = now }, null),
        _ => throw new InvalidOperationException($"{command} on closure {before.Id}"),
    };

    private static ClosureDecision Refuse(Problem problem) => new("", null, problem);

    private static Problem? Wrong(ClosureTerms terms, Understood understood, DateTimeOffset now)
    {
        if (terms.From > now + Longest || terms.From < now - Longest)
        {
            return ClosureProblems.BadField("from", Stamp(terms.From), "距今一年之内 / within a year of now");
        }

        if (terms.Until <= terms.From)
        {
            return ClosureProblems.BadField("until", Stamp(terms.Until.Value), $"晚于 / later than {Stamp(terms.From)}");
        }

        if (terms.Until <= now)
        {
            return ClosureProblems.BadField("until", Stamp(terms.Until.Value), $"晚于现在 / later than now, {Stamp(now)}");
        }

        if (terms.Until - terms.From > Longest)
        {
            return ClosureProblems.BadField("until", Stamp(terms.Until!.Value), "至多一年;更久用“直到解除” / at most a year; for longer leave it out");
        }

        return understood.Stretches.Count == 0 ? ClosureProblems.NoStreet
            : understood.Streets.Sum(static street => street.Meters) is var meters && meters > MostMeters ? ClosureProblems.TooLong(meters)
            : null;
    }

    private static string Stamp(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}

/// <summary>Every refusal of closures, in one place so that codes and words stay even.</summary>
internal static class ClosureProblems
{
    internal static readonly Problem Unknown = new(
        404, "closure.unknown", "没有此封路 / No such closure", "核对编号后重试 / Check the id", "id");

    internal static readonly Problem Ended = new(
        409, "closure.ended", "封路已结束 / The closure has ended", "已结束的不能再改,请另画 / It takes no more changes: draw another");

    internal static readonly Problem NoStreet = new(
        400, "closure.no_street", "线下没有道路 / No street under the drawing",
        "所画须在道路 30 米以内 / A line has to run within 30 m of a street, an area to touch one", "geometry");

    internal static readonly Problem NotAllowed = new(
        403, "closure.not_allowed", "本部门不可设置封路 / Your department may not close roads",
        "请管理员为部门开通 / An administrator can allow it to the department");

    internal static readonly Problem NotYours = new(
        403, "closure.not_yours", "不是本部门的封路 / Another department's closure",
        "由设置的部门或调度员修改 / The department that made it changes it, or a dispatcher");

    internal static readonly Problem VersionNeeded = new(
        428, "closure.version_needed", "缺少版本 / Version missing",
        "请求头 If-Match 须为读到的版本,如 \"3\" / Send the version that you have read in If-Match, such as \"3\"", "If-Match");

    internal static Problem BadField(string field, string? value, string right) => new(
        400, "closure.bad_field", "封路内容不对 / Bad closure", $"{field}: {right}", field, value);

    internal static Problem TooLong(double meters) => new(
        400, "closure.too_long", "封路过长 / Closure too long",
        $"至多 {ClosureDecider.MostMeters / 1000:0} 公里道路 / at most {ClosureDecider.MostMeters / 1000:0} km of streets", "geometry",
        string.Create(CultureInfo.InvariantCulture, $"{meters / 1000:0.0} km"));

    internal static Problem Stale(string? given, int version) => new(
        412, "closure.stale", "封路已变化 / The closure has changed",
        $"当前版本 {version},重新读取后再试 / It is at version {version} now: read it again", "If-Match", given);

    internal static Problem CommandReused(Guid id) => new(
        409, "command.id_reused", "命令编号已用于别的命令 / Command id already used",
        "每条新命令须用新的 commandId / Each new command needs a new commandId", "commandId", id.ToString());
}
