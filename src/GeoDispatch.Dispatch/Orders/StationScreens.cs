using System.Security.Claims;
using System.Text.Encodings.Web;
using Dapper;
using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace GeoDispatch.Dispatch.Orders;

/// <summary>A station whose screen asks. <c>Name</c>: as people call it.</summary>
internal sealed record StationIdentity(Guid Id, string Name);

/// <summary>The credentials of the computers that hang in stations: one to each station, of which only the hash is kept.</summary>
internal sealed class StationScreens(Databases databases, EventLog log)
{
    private sealed record Row(Guid Id, string Name, byte[] KeyHash);

    /// <summary>Gives the station's screen a credential; the one before is wrong from then on.</summary>
    /// <param name="by">Who gives it.</param>
    /// <returns>The credential, <c>stationId.secret</c>, shown this once; null where there is no such station.</returns>
    internal async Task<string?> IssueAsync(NpgsqlConnection connection, Guid stationId, string by, CancellationToken cancellation)
    {
        (string credential, byte[] keyHash) = Credential.Create(stationId);
        int kept = await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO dispatch.station_screen (station_id, key_hash, issued_at, issued_by) SELECT id, @keyHash, @Now, @by FROM dispatch.station WHERE id = @stationId
            ON CONFLICT (station_id) DO UPDATE SET key_hash = excluded.key_hash, issued_at = excluded.issued_at, issued_by = excluded.issued_by
            """,
            new { stationId, keyHash, log.Now, by }, cancellationToken: cancellation));
        return kept == 0 ? null : credential;
    }

    /// <summary>Ends the station's credential; from then on its orders go to its vehicles alone.</summary>
    internal static async Task RevokeAsync(NpgsqlConnection connection, Guid stationId, CancellationToken cancellation) =>
        await connection.ExecuteAsync(new CommandDefinition(
            "DELETE FROM dispatch.station_screen WHERE station_id = @stationId", new { stationId }, cancellationToken: cancellation));

    /// <summary>Null where the credential is malformed, unknown or wrong: which of these is not told.</summary>
    internal async Task<StationIdentity?> FindAsync(string credential, CancellationToken cancellation)
    {
        if (!Credential.TryRead(credential, out Guid stationId, out byte[] keyHash))
        {
            return null;
        }

        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        Row? row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            "SELECT id, name, key_hash AS KeyHash FROM dispatch.station JOIN dispatch.station_screen ON station_id = id WHERE id = @stationId",
            new { stationId }, cancellationToken: cancellation));
        return row is not null && Credential.Fits(keyHash, row.KeyHash) ? new StationIdentity(row.Id, row.Name) : null;
    }
}

/// <summary>
/// Scheme <c>Station</c>: a <see cref="Credential"/> <c>stationId.secret</c>. Whoever comes by it is in the role <c>station</c>, which no account has, and only where a route asks for this scheme.
/// </summary>
internal sealed class StationAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, StationScreens screens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    internal const string Name = "Station";
    internal const string Role = "station";
    private const string StationClaim = "station";

    /// <summary>The station whose screen this is; null for a person.</summary>
    internal static StationIdentity? Find(ClaimsPrincipal? user) => user?.FindFirst(StationClaim) is { } station
        ? new StationIdentity(Guid.Parse(station.Value), station.Subject!.Name!)
        : null;

    /// <summary>Lets in stations and, by their session or key, people of these roles.</summary>
    internal static AuthorizationPolicy OrPeople(IServiceProvider services, params string[] roles)
    {
        AuthenticationOptions schemes = services.GetRequiredService<IOptions<AuthenticationOptions>>().Value;
        string people = (schemes.DefaultAuthenticateScheme ?? schemes.DefaultScheme)!;
        return new AuthorizationPolicyBuilder(people, Name).RequireRole([Role, .. roles]).Build();
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Credential.FindIn(Request) is not { } credential)
        {
            return AuthenticateResult.NoResult();
        }

        if (await screens.FindAsync(credential, Context.RequestAborted) is not { } station)
        {
            return AuthenticateResult.Fail("The station's credential is wrong.");
        }

        // Without the id of an account: the feeds of accounts are ended where those are locked.
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.Name, station.Name), new Claim(ClaimTypes.Role, Role), new Claim(StationClaim, station.Id.ToString("D"))], Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Name));
    }

    // A route that lets in people too has been answered as for people by then.
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Response.HasStarted ? Task.CompletedTask : base.HandleForbiddenAsync(properties);

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => Credential.ChallengeAsync(Context, new Problem(
        StatusCodes.Status401Unauthorized, "station.wrong_credential", "站屏凭据无效 / Wrong credential of a station's screen",
        "须带 Authorization: Bearer 站编号.密钥,由调度员发放 / Send Authorization: Bearer stationId.secret, which a dispatcher issues"));
}
