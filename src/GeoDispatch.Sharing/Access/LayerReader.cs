using System.Security.Claims;
using GeoDispatch.Identity;

namespace GeoDispatch.Sharing.Access;

/// <summary>Whoever reads a layer, as far as rules tell people and programs apart.</summary>
/// <param name="AccountId">Of a person or a key; null where nobody said who they are.</param>
/// <param name="Name">As the log shows it; empty where unknown.</param>
/// <param name="Department">Its code.</param>
internal sealed record LayerReader(Guid? AccountId, string Name, string? Department, string? Role)
{
    internal static readonly LayerReader Anonymous = new(null, "", null, null);

    internal static LayerReader Of(ClaimsPrincipal user) =>
        user.Identity?.IsAuthenticated == true && Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out Guid id)
            ? new LayerReader(id, user.Identity.Name ?? "", user.FindFirstValue(GeoClaims.Department), user.FindFirstValue(ClaimTypes.Role))
            : Anonymous;

    internal bool IsKnown => AccountId is not null;
}
