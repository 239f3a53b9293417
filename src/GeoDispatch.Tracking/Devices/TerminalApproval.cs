using Dapper;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Tracking.Devices;

/// <summary>Who lets terminals in: each act in one transaction with its row in the log of administration. Again is harmless, and is not logged.</summary>
internal sealed class TerminalApproval(Databases databases, TerminalRegistry registry, AdministrationLog log, TimeProvider clock)
{
    // Approvals go one after the other: two that name the same new plate make one vehicle, and two imports do not wait for each other in a ring.
    private const string TakeTurn = "SELECT pg_advisory_xact_lock(7203405)";

    /// <summary>Lets a terminal that was seen report for a vehicle; another vehicle moves it there.</summary>
    /// <returns>Null, or <c>terminal.bad_field</c>, <c>terminal.unknown</c>, <c>vehicle.unknown</c>, <c>vehicle.differs</c>, <c>department.unknown</c>.</returns>
    internal async Task<Problem?> ApproveAsync(string protocol, string terminal, ApprovalWish wish, Actor actor, CancellationToken cancellation)
    {
        var line = new TerminalLine(0, protocol, terminal, wish);
        return (await TakeAsync([line], isImport: false, actor, cancellation)).Bad is [(_, { } problem), ..] ? problem : null;
    }

    /// <summary>Approves every line, also terminals that were never seen; where one line is bad, nothing is changed.</summary>
    /// <returns>How many lines changed something, and each bad line.</returns>
    internal Task<(int Changed, IReadOnlyList<(int Line, Problem Problem)> Bad)> ImportAsync(
        IReadOnlyList<TerminalLine> lines, Actor actor, CancellationToken cancellation) => TakeAsync(lines, isImport: true, actor, cancellation);

    /// <summary>Lets it report no more, or never.</summary>
    /// <returns>Null, or <c>terminal.bad_field</c>, <c>terminal.unknown</c>.</returns>
    internal Task<Problem?> RefuseAsync(string protocol, string terminal, Actor actor, CancellationToken cancellation) => DecideAsync(
        protocol, terminal,
        async (connection, terminal, before) =>
        {
            if (before != "refused")
            {
                await TerminalRegistry.RefuseAsync(connection, protocol, terminal, cancellation);
                await log.AddAsync(connection, actor, "terminal.refused", $"{protocol}/{terminal}", terminal, new { before }, cancellation);
            }

            return null;
        },
        cancellation);

    /// <summary>A fresh key for an approved terminal of a protocol that has none of its own; the one before it ends.</summary>
    /// <returns>The key, shown this once; or <c>terminal.bad_field</c>, <c>terminal.unknown</c>, <c>terminal.not_approved</c>.</returns>
    internal async Task<(string? Key, Problem? Problem)> IssueKeyAsync(string protocol, string terminal, Actor actor, CancellationToken cancellation)
    {
        if (protocol == Jt808.Jt808Desk.Protocol)
        {
            return (null, TerminalProblems.BadField("protocol", protocol, "JT/T 808 终端注册时自得鉴权码 / a terminal of JT/T 808 gets its code by registering"));
        }

        string? key = null;
        Problem? problem = await DecideAsync(
            protocol, terminal,
            async (connection, terminal, _) =>
            {
                key = await TerminalRegistry.IssueKeyAsync(connection, protocol, terminal, cancellation);
                if (key is null)
                {
                    return TerminalProblems.NotApproved(terminal);
                }

                await log.AddAsync(connection, actor, "terminal.key_issued", $"{protocol}/{terminal}", terminal, new { }, cancellation);
                return null;
            },
            cancellation);
        return problem is null ? (key, null) : (null, problem);
    }

    /// <summary>One act on a terminal that is listed and its state, in one transaction; a problem rolls it back.</summary>
    private async Task<Problem?> DecideAsync(
        string protocol, string number, Func<NpgsqlConnection, string, string, Task<Problem?>> act, CancellationToken cancellation)
    {
        if (TerminalNumber.Check(protocol, number) is { } bad)
        {
            return bad;
        }

        string terminal = TerminalNumber.Of(protocol, number);
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(TakeTurn, cancellationToken: cancellation));
        if (await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "SELECT state FROM tracking.terminal WHERE protocol = @protocol AND terminal = @terminal FOR UPDATE",
            new { protocol, terminal }, cancellationToken: cancellation)) is not { } before)
        {
            return TerminalProblems.TerminalUnknown(terminal);
        }

        Problem? problem = await act(connection, terminal, before);
        if (problem is null)
        {
            await transaction.CommitAsync(cancellation);
            registry.Forget(protocol, terminal);
        }

        return problem;
    }

    private async Task<(int Changed, IReadOnlyList<(int Line, Problem Problem)> Bad)> TakeAsync(
        IReadOnlyList<TerminalLine> lines, bool isImport, Actor actor, CancellationToken cancellation)
    {
        var bad = new List<(int Line, Problem Problem)>();
        List<TerminalLine> sound = Sound(lines, bad);
        DateTimeOffset now = clock.GetUtcNow();
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(TakeTurn, cancellationToken: cancellation));
        Admission admission = await Admission.LoadAsync(connection, sound, cancellation);
        foreach (TerminalLine line in sound)
        {
            if (admission.Take(line, isImport, now) is { } problem)
            {
                bad.Add((line.Number, problem));
            }
        }

        if (bad.Count > 0)
        {
            return (0, [.. bad.OrderBy(static one => one.Line)]);
        }

        await admission.WriteAsync(connection, log, actor, now, cancellation);
        await transaction.CommitAsync(cancellation);
        sound.ForEach(line => registry.Forget(line.Protocol!, line.Terminal!));
        return (admission.Count, bad);
    }

    /// <summary>The lines that are right in themselves, each terminal once and by the number that is kept.</summary>
    private static List<TerminalLine> Sound(IReadOnlyList<TerminalLine> lines, List<(int Line, Problem Problem)> bad)
    {
        var sound = new List<TerminalLine>(lines.Count);
        var first = new Dictionary<(string, string), int>();
        foreach (TerminalLine line in lines)
        {
            if ((TerminalNumber.Check(line.Protocol, line.Terminal) ?? line.Wish.Check()) is { } problem)
            {
                bad.Add((line.Number, problem));
                continue;
            }

            TerminalLine known = line with { Terminal = TerminalNumber.Of(line.Protocol!, line.Terminal!) };
            if (first.TryAdd((known.Protocol!, known.Terminal!), line.Number))
            {
                sound.Add(known);
                continue;
            }

            int before = first[(known.Protocol!, known.Terminal!)];
            bad.Add((line.Number, TerminalProblems.BadField("terminal", line.Terminal, $"第 {before} 行已有 / stands in line {before} already")));
        }

        return sound;
    }
}
