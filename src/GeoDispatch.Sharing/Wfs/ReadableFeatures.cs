using System.Globalization;
using System.Xml;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Sharing.Filters;

namespace GeoDispatch.Sharing.Wfs;

/// <summary>A layer as a feature type: what its references and identifiers mean.</summary>
internal sealed record ReadableFeatures(ReadableLayer Readable, ReadableLayers All)
{
    internal Layer Layer => Readable.Layer;

    /// <summary>The column that a value reference names: <c>name</c>, <c>gd:name</c> or <c>gd:pois/gd:name</c>. Perhaps there is none such.</summary>
    internal static string ColumnOf(string reference)
    {
        string last = reference.Trim();
        last = last[(last.LastIndexOf('/') + 1)..];
        return XmlConvert.DecodeName(last[(last.LastIndexOf(':') + 1)..]);
    }

    /// <summary>True of the features of this layer with one of these identifiers; identifiers of others name none here.</summary>
    internal Expr OfResources(IReadOnlyList<string> ids)
    {
        Expr[] keys = [.. ids.Select(id => WfsNames.FindFeature(All, id)).Where(found => found?.Readable == Readable).Select(static found => Literal(found!.Value.Key))];
        return keys.Length == 0
            ? new BooleanLiteral(false)
            : new Op("in", new Property(Layer.Key.Name), new ListExpr(new Items<Expr>(keys)));
    }

    private static Expr Literal(object key) => key is long number
        ? new NumberLiteral(number)
        : new TextLiteral(Convert.ToString(key, CultureInfo.InvariantCulture)!);
}
