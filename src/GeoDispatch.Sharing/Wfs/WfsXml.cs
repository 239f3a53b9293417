using System.Xml;
using System.Xml.Linq;

namespace GeoDispatch.Sharing.Wfs;

/// <summary>Reads XML of strangers: no document type, nothing from elsewhere, bounded before any of it is kept.</summary>
internal static class WfsXml
{
    /// <summary>As large as a body may be.</summary>
    internal const int Characters = 1_048_576;

    /// <summary>Elements in elements. A filter nests one level an operator.</summary>
    internal const int Depth = 100;
    internal const int Elements = 20_000;
    internal const int Attributes = 30;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = Characters,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
    };

    internal static (XElement? Root, WfsRefusal? Refusal) Read(byte[] document) =>
        Read(() => XmlReader.Create(new MemoryStream(document), Settings), null);

    /// <param name="locator">What the refusal names.</param>
    internal static (XElement? Root, WfsRefusal? Refusal) Read(string document, string locator) =>
        Read(() => XmlReader.Create(new StringReader(document), Settings), locator);

    // Opened twice: once to bound it and once to keep it.
    private static (XElement? Root, WfsRefusal? Refusal) Read(Func<XmlReader> open, string? locator)
    {
        try
        {
            using (XmlReader bounding = open())
            {
                int elements = 0;
                while (bounding.Read())
                {
                    if (bounding.Depth > Depth || bounding.AttributeCount > Attributes || (bounding.NodeType == XmlNodeType.Element && ++elements > Elements))
                    {
                        return (null, WfsRefusal.Unparsable(
                            $"最多嵌套 {Depth} 层、{Elements} 个元素、每个元素 {Attributes} 个属性 / At most {Depth} levels of nesting, {Elements} elements, {Attributes} attributes of one",
                            locator));
                    }
                }
            }

            using XmlReader reader = open();
            return (XDocument.Load(reader).Root, null);
        }
        catch (XmlException exception)
        {
            return (null, WfsRefusal.Unparsable(
                $"XML 无法读懂 / Malformed XML: {exception.LineNumber}:{exception.LinePosition} {WfsRefusal.Cut(exception.Message)}", locator));
        }
    }
}
