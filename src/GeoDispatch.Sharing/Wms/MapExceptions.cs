namespace GeoDispatch.Sharing.Wms;

/// <summary>Where a refusal of a map is written: in a document, into the picture, or nowhere.</summary>
internal static class MapExceptions
{
    internal static readonly IReadOnlyList<string> Formats = ["XML", "INIMAGE", "BLANK"];
    internal static readonly IReadOnlyList<string> OldFormats = ["application/vnd.ogc.se_xml", "application/vnd.ogc.se_inimage", "application/vnd.ogc.se_blank"];
}
