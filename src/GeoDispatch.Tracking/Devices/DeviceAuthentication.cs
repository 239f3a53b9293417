using System.Security.Claims;
using System.Text.Encodings.Web;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoDispatch.Tracking.Devices;

/// <summary>
/// Scheme <c>Device</c>: a <see cref="Credential"/> <c>deviceId.secret</c>.
/// </summary>
internal sealed class DeviceAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, DeviceRegistry devices)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    internal const string Name = "Device";
    internal const string DeviceClaim = "device";
    private const string VehicleClaim = "device_vehicle";
    private const string PlateClaim = "device_plate";
    private const string KindClaim = "device_kind";

    /// <summary>The device that this user is; null for a person.</summary>
    internal static DeviceIdentity? Find(ClaimsPrincipal? user) =>
        user?.FindFirst(DeviceClaim) is { } device
            ? new DeviceIdentity(
                Guid.Parse(device.Value),
                Guid.Parse(user.FindFirstValue(VehicleClaim)!),
                user.FindFirstValue(PlateClaim)!,
                user.FindFirstValue(KindClaim)!)
            : null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Credential.FindIn(Request) is not { } credential)
        {
            return AuthenticateResult.NoResult();
        }

        if (await devices.FindByCredentialAsync(credential, Context.RequestAborted) is not { } device)
        {
            return AuthenticateResult.Fail("The device credential is wrong.");
        }

        var identity = new ClaimsIdentity(
            [
                new Claim(DeviceClaim, device.DeviceId.ToString("D")),
                new Claim(VehicleClaim, device.VehicleId.ToString("D")),
                new Claim(PlateClaim, device.Plate),
                new Claim(KindClaim, device.Kind),
            ],
            Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Name));
    }

    // Where people come too, they have been answered as people by then.
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Response.HasStarted ? Task.CompletedTask : base.HandleForbiddenAsync(properties);

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => Credential.ChallengeAsync(Context, new Problem(
        StatusCodes.Status401Unauthorized, "device.wrong_credential", "终端凭据无效 / Wrong device credential",
        "须带 Authorization: Bearer 终端编号.密钥 / Send Authorization: Bearer deviceId.secret"));
}
