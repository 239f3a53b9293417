using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;

namespace GeoDispatch.Sharing.Wfs;

/// <summary>Namespaces, and the names that layers, columns and features have in XML.</summary>
internal static class WfsNames
{
    internal static readonly XNamespace Wfs = "http://www.opengis.net/wfs/2.0";
    internal static readonly XNamespace Fes = "http://www.opengis.net/fes/2.0";
    internal static readonly XNamespace Gml = "http://www.opengis.net/gml/3.2";
    internal static readonly XNamespace Ows = "http://www.opengis.net/ows/1.1";
    internal static readonly XNamespace XLink = "http://www.w3.org/1999/xlink";
    internal static readonly XNamespace Xsd = "http://www.w3.org/2001/XMLSchema";
    internal static readonly XNamespace Xsi = "http://www.w3.org/2001/XMLSchema-instance";

    /// <summary>Of the feature types. The same on every server: what the layers mean does not depend on where they are asked for.</summary>
    internal static readonly XNamespace Application = "urn:geodispatch:share";

    /// <summary>Stands for <see cref="Application"/> in every document.</summary>
    internal const string Prefix = "gd";

    /// <summary>What a client may send and gets back.</summary>
    internal static readonly string[] Versions = ["2.0.0", "2.0.2"];

    /// <summary>The local name of a layer or a column: what XML has no place for is written as <c>_xHHHH_</c>.</summary>
    internal static string Local(string name) => XmlConvert.EncodeLocalName(name);

    internal static string TypeName(Layer layer) => $"{Prefix}:{Local(layer.Id)}";

    /// <summary>The <c>gml:id</c> of a feature: <c>layer.key</c>.</summary>
    internal static string FeatureId(Layer layer, string key) => Local($"{layer.Id}.{key}");

    /// <summary>The layer and the key that a <c>gml:id</c> names; null where it can name none.</summary>
    internal static (ReadableLayer Readable, object Key)? FindFeature(ReadableLayers layers, string gmlId)
    {
        string plain = XmlConvert.DecodeName(gmlId);
        foreach (ReadableLayer readable in layers.Layers)
        {
            Layer layer = readable.Layer;
            if (plain.StartsWith(layer.Id + ".", StringComparison.Ordinal) && layer.Key.TryRead(plain[(layer.Id.Length + 1)..], out object key)
                && FeatureId(layer, Convert.ToString(key, CultureInfo.InvariantCulture)!) == gmlId)
            {
                return (readable, key);
            }
        }

        return null;
    }

    /// <summary>Text without what XML 1.0 has no place for: control characters, half pairs.</summary>
    internal static string Printable(string text)
    {
        if (IsPrintable(text))
        {
            return text;
        }

        var kept = new System.Text.StringBuilder(text.Length);
        for (int at = 0; at < text.Length; at++)
        {
            if (XmlConvert.IsXmlChar(text[at]))
            {
                kept.Append(text[at]);
            }
            else if (at + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[at + 1], text[at]))
            {
                kept.Append(text, at++, 2);
            }
        }

        return kept.ToString();
    }

    private static bool IsPrintable(string text)
    {
        foreach (char one in text)
        {
            if (!XmlConvert.IsXmlChar(one))
            {
                return false;
            }
        }

        return true;
    }
}
