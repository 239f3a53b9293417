using Dapper;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Tracking.Devices;

/// <summary>One line of an import.</summary>
/// <param name="Number">Its number in the file.</param>
internal sealed record TerminalLine(int Number, string? Protocol, string? Terminal, ApprovalWish Wish);

/// <summary>Who lets terminals in: each act in one transaction with its row in the log of administration. Again is harmless, and is not logged.</summary>
internal sealed class TerminalApproval(Databases databases, TerminalRegistry registry, AdministrationLog log, TimeProvider clock)
{
    // Approvals go one after the other: two that name the same new plate make one vehicle, and two imports do not wait for each other in a ring.
    private const string TakeTurn = "SELECT pg_advisory_xact_lock(7203405)";

    private sealed record Standing(string State, Guid? VehicleId);

    private sealed record Vehicle(Guid Id, string Kind, string? Department, string Name);

    /// <summary>Lets a terminal that was seen report for a vehicle; another vehicle moves it there.</summary>
    /// <returns>Null, or <c>terminal.bad_field</c>, <c>terminal.unknown</c>, <c>vehicle.unknown</c>, <c>vehicle.differs</c>, <c>department.unknown</c>.</returns>
    internal Task<Problem?> ApproveAsync(string protocol, string terminal, ApprovalWish wish, Actor actor, CancellationToken cancellation) =>
        wish.Check() is { } bad
            ? Task.FromResult<Problem?>(ApprovalWish.CheckTerminal(protocol, terminal) ?? bad)
            : DecideAsync(
                protocol, terminal,
                async (connection, before) => (await LetInAsync(connection, protocol, terminal, before, wish, actor, cancellation)).Problem, cancellation);

    /// <summary>Lets it report no more, or never.</summary>
    /// <returns>Null, or <c>terminal.bad_field</c>, <c>terminal.unknown</c>.</returns>
    internal Task<Problem?> RefuseAsync(string protocol, string terminal, Actor actor, CancellationToken cancellation) => DecideAsync(
        protocol, terminal,
        async (connection, before) =>
        {
            if (before.State != "refused")
            {
                await TerminalRegistry.RefuseAsync(connection, protocol, terminal, cancellation);
                await log.AddAsync(connection, actor, "terminal.refused", $"{protocol}/{terminal}", terminal, new { before = before.State }, cancellation);
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
            async (connection, _) =>
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

    /// <summary>One act on a terminal that is listed, in one transaction; a problem rolls it back.</summary>
    private async Task<Problem?> DecideAsync(
        string protocol, string terminal, Func<NpgsqlConnection, Standing, Task<Problem?>> act, CancellationToken cancellation)
    {
        if (ApprovalWish.CheckTerminal(protocol, terminal) is { } bad)
        {
            return bad;
        }

        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(TakeTurn, cancellationToken: cancellation));
        if (await FindStandingAsync(connection, protocol, terminal, cancellation) is not { } before)
        {
            return TerminalProblems.TerminalUnknown(terminal);
        }

        Problem? problem = await act(connection, before);
        if (problem is null)
        {
            await transaction.CommitAsync(cancellation);
            registry.Forget(protocol, terminal);
        }

        return problem;
    }

    /// <summary>Approves every line, also terminals that were never seen; where one line is bad, nothing is changed.</summary>
    /// <returns>How many lines changed something, and each bad line.</returns>
    internal async Task<(int Changed, IReadOnlyList<(int Line, Problem Problem)> Bad)> ImportAsync(
        IReadOnlyList<TerminalLine> lines, Actor actor, CancellationToken cancellation)
    {
        var bad = new List<(int Line, Problem Problem)>();
        int changed = 0;
        var first = new Dictionary<(string?, string?), int>();
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(TakeTurn, cancellationToken: cancellation));
        foreach (TerminalLine line in lines)
        {
            Problem? problem = ApprovalWish.CheckTerminal(line.Protocol, line.Terminal) ?? line.Wish.Check();
            if (problem is null && !first.TryAdd((line.Protocol, line.Terminal), line.Number))
            {
                problem = TerminalProblems.BadField(
                    "terminal", line.Terminal, $"第 {first[(line.Protocol, line.Terminal)]} 行已有 / stands in line {first[(line.Protocol, line.Terminal)]} already");
            }

            if (problem is null)
            {
                (bool isChange, problem) = await TakeAsync(connection, line, actor, cancellation);
                changed += isChange ? 1 : 0;
            }

            if (problem is not null)
            {
                bad.Add((line.Number, problem));
            }
        }

        if (bad.Count > 0)
        {
            return (0, bad);
        }

        await transaction.CommitAsync(cancellation);
        foreach (TerminalLine line in lines)
        {
            registry.Forget(line.Protocol!, line.Terminal!);
        }

        return (changed, bad);
    }

    private async Task<(bool Changed, Problem? Problem)> TakeAsync(
        NpgsqlConnection connection, TerminalLine line, Actor actor, CancellationToken cancellation)
    {
        (string protocol, string terminal) = (line.Protocol!, line.Terminal!);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO tracking.terminal (protocol, terminal, first_seen, last_seen) VALUES (@protocol, @terminal, @now, @now)
            ON CONFLICT DO NOTHING
            """,
            new { protocol, terminal, now = clock.GetUtcNow() }, cancellationToken: cancellation));
        Standing before = (await FindStandingAsync(connection, protocol, terminal, cancellation))!;
        return before.State == "refused"
            ? (false, TerminalProblems.WasRefused(terminal))
            : await LetInAsync(connection, protocol, terminal, before, line.Wish, actor, cancellation);
    }

    private async Task<(bool Changed, Problem? Problem)> LetInAsync(
        NpgsqlConnection connection, string protocol, string terminal, Standing before, ApprovalWish wish, Actor actor, CancellationToken cancellation)
    {
        (Guid? vehicle, Problem? problem) = wish.VehicleId is { } id ? (id, null) : await VehicleAsync(connection, wish, cancellation);
        if (problem is not null)
        {
            return (false, problem);
        }

        if (before.State == "approved" && before.VehicleId == vehicle)
        {
            return (false, null);
        }

        if (await registry.ApproveAsync(connection, protocol, terminal, vehicle!.Value, cancellation) is null)
        {
            return (false, TerminalProblems.VehicleUnknown(vehicle));
        }

        await log.AddAsync(
            connection, actor, "terminal.approved", $"{protocol}/{terminal}", terminal, new { vehicle, wish.Plate, before = before.State }, cancellation);
        return (true, null);
    }

    private async Task<(Guid? Id, Problem? Problem)> VehicleAsync(NpgsqlConnection connection, ApprovalWish wish, CancellationToken cancellation)
    {
        var asked = new
        {
            id = Guid.CreateVersion7(clock.GetUtcNow()),
            plate = wish.Plate!.Trim(),
            kind = wish.Kind,
            department = wish.Department,
            name = string.IsNullOrWhiteSpace(wish.Name) ? wish.Plate!.Trim() : wish.Name.Trim(),
        };
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT FROM identity.department WHERE code = @department)", asked, cancellationToken: cancellation)))
        {
            return (null, TerminalProblems.DepartmentUnknown(wish.Department));
        }

        Vehicle? there = await connection.QueryFirstOrDefaultAsync<Vehicle>(new CommandDefinition(
            "SELECT id AS Id, kind AS Kind, department AS Department, name AS Name FROM tracking.vehicle WHERE plate = @plate ORDER BY id LIMIT 1",
            asked, cancellationToken: cancellation));
        if (there is null)
        {
            await connection.ExecuteAsync(new CommandDefinition(
                "INSERT INTO tracking.vehicle (id, plate, kind, name, department) VALUES (@id, @plate, @kind, @name, @department)",
                asked, cancellationToken: cancellation));
            return (asked.id, null);
        }

        // A vehicle of before departments had fleets fits any; nothing of it is changed here.
        return there.Kind != wish.Kind ? (null, TerminalProblems.VehicleDiffers("kind", wish.Kind, there.Kind))
            : there.Department is { } owner && owner != wish.Department ? (null, TerminalProblems.VehicleDiffers("department", wish.Department, owner))
            : !string.IsNullOrWhiteSpace(wish.Name) && there.Name != asked.name ? (null, TerminalProblems.VehicleDiffers("name", wish.Name, there.Name))
            : (there.Id, null);
    }

    private static Task<Standing?> FindStandingAsync(NpgsqlConnection connection, string protocol, string terminal, CancellationToken cancellation) =>
        connection.QuerySingleOrDefaultAsync<Standing>(new CommandDefinition(
            """
            SELECT state AS State, vehicle_id AS VehicleId FROM tracking.terminal
            LEFT JOIN tracking.device ON device.id = device_id AND enabled
            WHERE protocol = @protocol AND terminal = @terminal FOR UPDATE OF terminal
            """,
            new { protocol, terminal }, cancellationToken: cancellation));
}
