using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Http;

namespace GeoDispatch.Identity;

/// <summary>
/// The credential of what is nobody's session, such as a terminal or the screen in a station: <c>id.secret</c>, sent as
/// <c>Authorization: Bearer</c>, or as <c>?access_token=</c> where a browser opens a WebSocket and can send no header. Only the hash of the secret is kept.
/// </summary>
public static class Credential
{
    private const string Bearer = "Bearer ";
    private const int Longest = 200;

    /// <summary>A new one, whose secret nobody can guess: to be shown once and written down nowhere.</summary>
    /// <returns>The whole credential, and what is kept of its secret.</returns>
    public static (string Credential, byte[] KeyHash) Create(Guid id)
    {
        string secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        return ($"{id:D}.{secret}", Hash(secret));
    }

    /// <summary>False where it is malformed.</summary>
    public static bool TryRead(string credential, out Guid id, out byte[] keyHash)
    {
        int dot = credential.IndexOf('.', StringComparison.Ordinal);
        (id, keyHash) = (default, []);
        if (credential.Length > Longest || dot < 0 || !Guid.TryParseExact(credential.AsSpan(0, dot), "D", out id))
        {
            return false;
        }

        keyHash = Hash(credential[(dot + 1)..]);
        return true;
    }

    /// <summary>Whether a secret is the one of which a hash was kept, in a time that tells nothing of it.</summary>
    public static bool Fits(byte[] keyHash, byte[] kept) => CryptographicOperations.FixedTimeEquals(keyHash, kept);

    /// <summary>What was sent; null where nothing was.</summary>
    public static string? FindIn(HttpRequest request)
    {
        string? header = request.Headers.Authorization;
        string? credential = header?.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) == true ? header[Bearer.Length..].Trim() : request.Query["access_token"];
        return string.IsNullOrEmpty(credential) ? null : credential;
    }

    /// <summary>Answers a request without a good one, where no other scheme has answered it.</summary>
    public static Task ChallengeAsync(HttpContext http, Problem refusal)
    {
        if (http.Response.HasStarted)
        {
            return Task.CompletedTask;
        }

        http.Response.Headers.WWWAuthenticate = Bearer.Trim();
        return refusal.ToResult().ExecuteAsync(http);
    }

    // The secret is 256 random bits: a slow hash would add nothing but load.
    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
