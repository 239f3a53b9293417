using System.Security.Claims;
using Dapper;
using Npgsql;

namespace GeoDispatch.Identity;

/// <summary>Keeps who read personal data, and of patients' what for. A repeat by the same person within five minutes is the same row.</summary>
public sealed class AuditTrail(TimeProvider clock)
{
    private static readonly TimeSpan Slot = TimeSpan.FromMinutes(5);

    /// <param name="user">A signed-in person.</param>
    /// <param name="action">Stable and dotted, such as <c>incident.read</c>.</param>
    /// <param name="subject">Id of what was read.</param>
    public Task RecordAsync(NpgsqlConnection connection, ClaimsPrincipal user, string action, string subject, CancellationToken cancellation) =>
        RecordAsync(connection, user, action, subject, null, cancellation);

    /// <summary>The same with what it was read for.</summary>
    /// <param name="purpose">A stable word, such as <c>reception</c>.</param>
    public Task RecordAsync(
        NpgsqlConnection connection, ClaimsPrincipal user, string action, string subject, string? purpose, CancellationToken cancellation) =>
        RecordAsync(connection, Guid.Parse(user.FindFirstValue(ClaimTypes.NameIdentifier)!), user.Identity!.Name!, action, subject, purpose, cancellation);

    /// <summary>The same of whoever has no account, such as a screen on a wall.</summary>
    /// <param name="reader">Its own id.</param>
    /// <param name="name">What people call it.</param>
    public Task RecordAsync(
        NpgsqlConnection connection, Guid reader, string name, string action, string subject, CancellationToken cancellation) =>
        RecordAsync(connection, reader, name, action, subject, null, cancellation);

    private async Task RecordAsync(
        NpgsqlConnection connection, Guid reader, string name, string action, string subject, string? purpose, CancellationToken cancellation)
    {
        DateTimeOffset at = clock.GetUtcNow();
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO identity.audit (account_id, user_name, action, subject, purpose, slot, at)
            VALUES (@reader, @name, @action, @subject, @purpose, @slot, @at) ON CONFLICT DO NOTHING
            """,
            new
            {
                reader,
                name,
                action,
                subject,
                purpose,
                slot = new DateTime(at.UtcTicks - at.UtcTicks % Slot.Ticks, DateTimeKind.Utc),
                at,
            },
            cancellationToken: cancellation));
    }
}
