using GeoDispatch.Identity;
using GeoDispatch.Sharing.Catalogue;

namespace GeoDispatch.Sharing.Access;

/// <summary>What a group of readers may see of a layer.</summary>
/// <param name="Department">Null: any.</param>
/// <param name="Role">Null: any.</param>
/// <param name="Area">A polygon in EPSG:4326 as WKB: features that touch it are seen, whole. Null: everywhere.</param>
/// <param name="Rows">A filter in CQL2 text over all of the layer's columns: what it keeps is seen. Null: everything.</param>
/// <param name="Hidden">Columns that the reader does not know of.</param>
/// <param name="Masked">Columns of which only the first character of a text is seen, and nothing of what is no text.</param>
/// <param name="ValidFrom">In force from this moment on.</param>
/// <param name="ValidUntil">No longer in force at this moment.</param>
internal sealed record AccessRule(
    Guid Id, string Layer, string? Department, string? Role, byte[]? Area, string? Rows, string[] Hidden, string[] Masked,
    DateTimeOffset? ValidFrom, DateTimeOffset? ValidUntil)
{
    /// <summary>How closely it names its readers: of two that apply, the greater counts. No two of a layer are equal for one reader.</summary>
    internal int Closeness => (Department is null ? 0 : 2) + (Role is null ? 0 : 1);

    internal bool Names(LayerReader reader) =>
        (Department is null || Department == reader.Department) && (Role is null || Role == reader.Role);

    internal bool IsInForce(DateTimeOffset now) => (ValidFrom is null || ValidFrom <= now) && (ValidUntil is null || now < ValidUntil);
}

/// <summary>What a reader may do with a layer: nothing, see all of it, or see what one rule leaves.</summary>
internal readonly record struct Verdict(bool MayRead, AccessRule? Rule = null)
{
    /// <summary>The whole of who may read what (src/decisions, access rules).</summary>
    internal static Verdict On(Layer layer, IEnumerable<AccessRule> rulesOfLayer, LayerReader reader, DateTimeOffset now)
    {
        // The people of a hospital own no layer, whatever department their account was entered under.
        if (reader.Role == Roles.Administrator || (reader.IsKnown && reader.Role != Roles.Hospital && reader.Department == layer.Metadata.Owner))
        {
            return new Verdict(true);
        }

        AccessRule[] naming = [.. rulesOfLayer.Where(rule => rule.Names(reader))];
        AccessRule? closest = naming.Where(rule => rule.IsInForce(now)).MaxBy(static rule => rule.Closeness);
        return layer.Metadata.Sharing switch
        {
            // A rule that has run out, or not begun, lets in nobody whom it names: it never leaves them more than it gave them.
            SharingClass.Unconditional => new Verdict(closest is not null || naming.Length == 0, closest),
            // On conditions that somebody has to answer for: nobody in particular cannot.
            SharingClass.Conditional => new Verdict(reader.IsKnown && closest is not null, closest),
            _ => new Verdict(false),
        };
    }
}
