using System.Security.Claims;
using Dapper;
using Npgsql;

namespace GeoDispatch.Identity;

/// <summary>Keeps who read personal data. A repeat by the same person within five minutes is the same row.</summary>
public sealed class AuditTrail(TimeProvider clock)
{
    private static readonly TimeSpan Slot = TimeSpan.FromMinutes(5);

    /// <param name="user">A signed-in person.</param>
    /// <param name="action">Stable and dotted, such as <c>incident.read</c>.</param>
    /// <param name="subject">Id of what was read.</param>
    public async Task RecordAsync(
        NpgsqlConnection connection, ClaimsPrincipal user, string action, string subject, CancellationToken cancellation)
    {
        DateTimeOffset at = clock.GetUtcNow();
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO identity.audit (account_id, user_name, action, subject, slot, at)
            VALUES (@account, @userName, @action, @subject, @slot, @at) ON CONFLICT DO NOTHING
            """,
            new
            {
                account = Guid.Parse(user.FindFirstValue(ClaimTypes.NameIdentifier)!),
                userName = user.Identity!.Name,
                action,
                subject,
                slot = new DateTime(at.UtcTicks - at.UtcTicks % Slot.Ticks, DateTimeKind.Utc),
                at,
            },
            cancellationToken: cancellation));
    }
}
