using System.Security.Claims;

namespace GeoDispatch.Identity;

/// <summary>
/// Whether somebody may read a shared layer. For modules that show data of a layer by another way than the layer, and know nothing of rules;
/// whoever keeps the rules answers.
/// </summary>
public interface ILayerRights
{
    /// <summary>
    /// Which of these layers are for everybody by their class, so that no read of them has to be written down, and are seen whole by this
    /// reader: every row and column.
    /// </summary>
    /// <param name="layers">Names of views of schema <c>share</c>; one that there is not is never among the answer.</param>
    ValueTask<IReadOnlySet<string>> OpenAsync(IReadOnlyCollection<string> layers, ClaimsPrincipal reader, CancellationToken cancellation);
}
