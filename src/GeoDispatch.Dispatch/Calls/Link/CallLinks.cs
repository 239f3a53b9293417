using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Dispatch.Calls.Link;

/// <summary>
/// The links by which callers share where they are, words and photos. The token is 256 bits of chance, of which the hash alone is kept; it is
/// good for an hour, or until ten minutes after the call's end.
/// </summary>
internal sealed class CallLinks(EventLog log, Databases databases)
{
    private const int MostUses = 400, MostPhotos = 5;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(60), Pause = TimeSpan.FromSeconds(1);

    private static readonly Problem Unknown = new(404, "link.unknown", "链接无效 / No such link", "请使用短信中的完整链接 / Use the whole link of the message");

    private static readonly Problem Over = new(410, "link.over", "链接已失效 / The link is over", "如仍需帮助,请再拨打 120 / If you still need help, call 120 again");

    private static readonly Problem TooFast = new(429, "link.too_fast", "发送过快 / Too fast", "请稍等一秒再发 / Wait a second");

    private static readonly Problem TooManyPhotos = new(
        409, "link.too_many_photos", "照片过多 / Too many photos", $"每次来电至多 {MostPhotos} 张 / Up to {MostPhotos} for each call");

    /// <summary>Makes a link for a call that the seat holds.</summary>
    /// <returns>The token, null where the command was carried out before; the caller's number.</returns>
    internal async Task<(string? Token, string? Number, DateTimeOffset ExpiresAt, Problem? Problem)> MakeAsync(
        Guid callId, string seat, Instruction given, CancellationToken cancellation)
    {
        await using Undertaking doing = await log.BeginAsync(given, cancellation);
        if (await doing.LockAsync(CallLog.Calls, callId, cancellation) is not { } call)
        {
            return (null, null, default, CallProblems.Unknown with { Value = callId.ToString() });
        }

        DateTimeOffset expires = doing.Now + Lifetime;
        if (await doing.KeepCommandAsync(callId, cancellation) is { } before)
        {
            return (null, null, expires, before.Repeats(callId) ? null : before.Refusal);
        }

        Decision<CallEvent> decision = CallDecider.Decide(call.State, new CallCommand.SendLink(seat, expires), doing.Now);
        if (decision.Refusal is { } refusal)
        {
            return (null, null, default, refusal);
        }

        string token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        await doing.WriteAsync(CallLog.Calls, call, decision.Events, cancellation);
        await doing.Connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO dispatch.call_link (token_hash, call_id, expires_at) VALUES (@hash, @callId, @expires)",
            new { hash = Hash(token), callId, expires }, cancellationToken: cancellation));
        await doing.CommitAsync(cancellation);
        return (token, ((CallState.Heard)call.State).Facts.Number, expires, null);
    }

    /// <summary>Null where the link is good.</summary>
    internal async Task<Problem?> CheckAsync(string token, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        bool? isOver = await connection.QuerySingleOrDefaultAsync<bool?>(new CommandDefinition(
            "SELECT expires_at <= @now OR uses >= @MostUses FROM dispatch.call_link WHERE token_hash = @hash",
            new { hash = Hash(token), now = log.Now, MostUses }, cancellationToken: cancellation));
        return isOver is null ? Unknown : isOver.Value ? Over : null;
    }

    /// <summary>Counts one use, at most one a second and 400 in all: the page is open to the world.</summary>
    /// <returns>The link's call, or why not.</returns>
    internal async Task<(Guid CallId, Problem? Problem)> UseAsync(string token, CancellationToken cancellation)
    {
        DateTimeOffset now = log.Now;
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        Guid? callId = await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(
            """
            UPDATE dispatch.call_link SET uses = uses + 1, used_at = @now
            WHERE token_hash = @hash AND expires_at > @now AND uses < @MostUses AND (used_at IS NULL OR used_at <= @before)
            RETURNING call_id
            """,
            new { hash = Hash(token), now, MostUses, before = now - Pause }, cancellationToken: cancellation));
        return callId is { } id ? (id, null) : (default, await CheckAsync(token, cancellation) ?? TooFast);
    }

    /// <summary>Tells the call what its caller shares.</summary>
    /// <param name="shareId">Made by the caller's page: the same again is the same.</param>
    /// <param name="photo">Kept beside the event, of a photo.</param>
    internal async Task<Problem?> TellAsync(Guid callId, Guid shareId, CallEvent shared, byte[]? photo, CancellationToken cancellation)
    {
        var given = new Instruction(
            DerivedId.Of("share", callId.ToString(), shareId.ToString()), "callerShared", SHA256.HashData(shareId.ToByteArray()), Guid.Empty, "来电人 / caller", null, false, null);
        await using Undertaking doing = await log.BeginAsync(given, cancellation);
        Found<CallState> call = (await doing.LockAsync(CallLog.Calls, callId, cancellation))!.Value;
        if (await doing.KeepCommandAsync(callId, cancellation) is not null)
        {
            return null;
        }

        Decision<CallEvent> decision = CallDecider.Decide(call.State, new CallCommand.Tell(shared), doing.Now);
        if (decision.Refusal is not null)
        {
            return Over;
        }

        if (shared is CallerSentPhoto sent)
        {
            int kept = await doing.Connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO dispatch.call_photo (id, call_id, media_type, content)
                SELECT @PhotoId, @callId, @MediaType, @content WHERE (SELECT count(*) FROM dispatch.call_photo WHERE call_id = @callId) < @MostPhotos
                """,
                new { sent.PhotoId, callId, sent.MediaType, content = photo, MostPhotos }, cancellationToken: cancellation));
            if (kept == 0)
            {
                return TooManyPhotos;
            }
        }

        await doing.WriteAsync(CallLog.Calls, call, decision.Events, cancellation);
        await doing.CommitAsync(cancellation);
        return null;
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
