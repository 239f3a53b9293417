using Dapper;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Tracking.Devices;

/// <summary>A terminal and the vehicle that it shall report for.</summary>
/// <param name="Number">Of the line in the file that says so; 0 where it is no file.</param>
internal sealed record TerminalLine(int Number, string? Protocol, string? Terminal, ApprovalWish Wish);

/// <summary>
/// Lets in several terminals together: what the database knows of all that they name is read once, each is decided upon in memory, and what
/// came of it is written once. So a table of thousands takes as many round trips as one terminal.
/// </summary>
internal sealed class Admission
{
    private readonly Dictionary<(string Protocol, string Terminal), Standing> standings;
    private readonly Dictionary<string, Vehicle> byPlate;
    private readonly HashSet<Guid> vehicles;
    private readonly HashSet<string> departments;
    private readonly List<Vehicle> made = [];
    private readonly List<(string Protocol, string Terminal, Guid Vehicle, string? Plate, string Before)> admitted = [];

    private sealed record Standing(string Protocol, string Terminal, string State, Guid? VehicleId);

    private sealed record Vehicle(Guid Id, string Plate, string Kind, string? Department, string Name);

    private Admission(IEnumerable<Standing> standings, IEnumerable<Vehicle> vehicles, IEnumerable<Guid> ids, IEnumerable<string> departments)
    {
        this.standings = standings.ToDictionary(static one => (one.Protocol, one.Terminal));
        byPlate = vehicles.ToDictionary(static one => one.Plate, StringComparer.Ordinal);
        this.vehicles = [.. ids];
        this.departments = new HashSet<string>(departments, StringComparer.Ordinal);
    }

    /// <summary>How many were let in that were not before.</summary>
    internal int Count => admitted.Count;

    /// <summary>Part of a transaction, in which the terminals stay as they are until its end.</summary>
    /// <param name="lines">Checked, numbers in the form that is kept.</param>
    internal static async Task<Admission> LoadAsync(NpgsqlConnection connection, IReadOnlyList<TerminalLine> lines, CancellationToken cancellation)
    {
        await using SqlMapper.GridReader answers = await connection.QueryMultipleAsync(new CommandDefinition(
            """
            SELECT terminal.protocol AS Protocol, terminal.terminal AS Terminal, state AS State, vehicle_id AS VehicleId
            FROM unnest(@protocols, @terminals) AS asked (protocol, terminal)
            JOIN tracking.terminal USING (protocol, terminal)
            LEFT JOIN tracking.device ON device.id = device_id AND enabled
            FOR UPDATE OF terminal;
            SELECT DISTINCT ON (plate) id AS Id, plate AS Plate, kind AS Kind, department AS Department, name AS Name
            FROM tracking.vehicle WHERE plate = ANY (@plates) ORDER BY plate, id;
            SELECT id FROM tracking.vehicle WHERE id = ANY (@ids);
            SELECT code FROM identity.department WHERE code = ANY (@departments)
            """,
            new
            {
                protocols = lines.Select(static line => line.Protocol!).ToArray(),
                terminals = lines.Select(static line => line.Terminal!).ToArray(),
                plates = lines.Select(static line => line.Wish.Plate?.Trim()).OfType<string>().Distinct(StringComparer.Ordinal).ToArray(),
                ids = lines.Select(static line => line.Wish.VehicleId).OfType<Guid>().Distinct().ToArray(),
                departments = lines.Select(static line => line.Wish.Department).OfType<string>().Distinct(StringComparer.Ordinal).ToArray(),
            },
            cancellationToken: cancellation));
        return new Admission(
            await answers.ReadAsync<Standing>(), await answers.ReadAsync<Vehicle>(), await answers.ReadAsync<Guid>(), await answers.ReadAsync<string>());
    }

    /// <summary>Decides on one of the lines that were loaded; each terminal at most once.</summary>
    /// <param name="isImport">Then a terminal may be one that nobody has seen yet, but none that was refused.</param>
    internal Problem? Take(TerminalLine line, bool isImport, DateTimeOffset now)
    {
        (string protocol, string terminal) = (line.Protocol!, line.Terminal!);
        Standing? before = standings.GetValueOrDefault((protocol, terminal));
        if (before is null && !isImport)
        {
            return TerminalProblems.TerminalUnknown(terminal);
        }

        if (before?.State == "refused" && isImport)
        {
            return TerminalProblems.WasRefused(terminal);
        }

        (Guid vehicle, Problem? problem) = line.Wish.VehicleId is { } id
            ? (id, vehicles.Contains(id) ? null : TerminalProblems.VehicleUnknown(id))
            : FindOrMake(line.Wish, now);
        if (problem is null && !(before?.State == "approved" && before.VehicleId == vehicle))
        {
            admitted.Add((protocol, terminal, vehicle, line.Wish.Plate, before?.State ?? "waiting"));
        }

        return problem;
    }

    /// <summary>Writes what was decided, with its rows in the log.</summary>
    internal async Task WriteAsync(NpgsqlConnection connection, AdministrationLog log, Actor actor, DateTimeOffset now, CancellationToken cancellation)
    {
        if (admitted.Count == 0)
        {
            return;
        }

        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO tracking.vehicle (id, plate, kind, name, department)
            SELECT * FROM unnest(@ids, @plates, @kinds, @names, @departments);
            INSERT INTO tracking.terminal (protocol, terminal, first_seen, last_seen)
            SELECT protocol, terminal, @now, @now FROM unnest(@protocols, @terminals) AS fresh (protocol, terminal)
            ON CONFLICT DO NOTHING
            """,
            new
            {
                ids = made.ConvertAll(static one => one.Id).ToArray(),
                plates = made.ConvertAll(static one => one.Plate).ToArray(),
                kinds = made.ConvertAll(static one => one.Kind).ToArray(),
                names = made.ConvertAll(static one => one.Name).ToArray(),
                departments = made.ConvertAll(static one => one.Department).ToArray(),
                protocols = admitted.ConvertAll(static one => one.Protocol).ToArray(),
                terminals = admitted.ConvertAll(static one => one.Terminal).ToArray(),
                now,
            },
            cancellationToken: cancellation));
        await TerminalRegistry.ApproveAsync(connection, admitted.ConvertAll(static one => (one.Protocol, one.Terminal, one.Vehicle)), now, cancellation);
        await log.AddAsync(
            connection, actor, "terminal.approved",
            admitted.ConvertAll(static one => ($"{one.Protocol}/{one.Terminal}", one.Terminal, (object)new { vehicle = one.Vehicle, one.Plate, before = one.Before })),
            cancellation);
    }

    private (Guid Id, Problem? Problem) FindOrMake(ApprovalWish wish, DateTimeOffset now)
    {
        if (!departments.Contains(wish.Department!))
        {
            return (default, TerminalProblems.DepartmentUnknown(wish.Department));
        }

        (string plate, string? said) = (wish.Plate!.Trim(), string.IsNullOrWhiteSpace(wish.Name) ? null : wish.Name.Trim());
        if (!byPlate.TryGetValue(plate, out Vehicle? there))
        {
            // Known from now on: a later line of the same plate is a second terminal of it.
            byPlate[plate] = there = new Vehicle(Guid.CreateVersion7(now), plate, wish.Kind!, wish.Department, said ?? plate);
            made.Add(there);
            return (there.Id, null);
        }

        // A vehicle of before departments had fleets fits any; nothing of it is changed here.
        return (there.Id,
            there.Kind != wish.Kind ? TerminalProblems.VehicleDiffers("kind", wish.Kind, there.Kind)
            : there.Department is { } owner && owner != wish.Department ? TerminalProblems.VehicleDiffers("department", wish.Department, owner)
            : said is not null && there.Name != said ? TerminalProblems.VehicleDiffers("name", wish.Name, there.Name)
            : null);
    }
}
