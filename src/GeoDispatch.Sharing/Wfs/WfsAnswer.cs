using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Xml;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Sharing.Features;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace GeoDispatch.Sharing.Wfs;

/// <summary>
/// Writes features while they are being read. A collection says at its beginning how many there will be: they are counted first, in the
/// snapshot that they are then read in, so that the number is true and no page lies in memory.
/// </summary>
/// <param name="service">The address of the service.</param>
internal sealed class WfsAnswer(GetFeature asked, WfsParameters parameters, string service, Databases databases, LayerReads reads, TimeProvider clock) : IResult
{
    private const int FlushedBytes = 65_536;
    private const string Wfs = "http://www.opengis.net/wfs/2.0";
    private static readonly XmlWriterSettings Settings = new() { Async = true, Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), CheckCharacters = false };

    /// <summary>A part of the page: so many features of one query.</summary>
    private sealed record Slice(WfsQuery Query, long Matched, long Skip, long Take, NotedRead Noted);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        CancellationToken gone = httpContext.RequestAborted;
        try
        {
            var noted = new List<NotedRead>(asked.Queries.Count);
            foreach (WfsQuery query in asked.Queries)
            {
                noted.Add(await reads.NoteAsync(query.Features.Readable, "wfs", httpContext.User, parameters.Question, gone));
            }

            await using WfsReader reader = await WfsReader.OpenAsync(databases, gone);
            List<Slice> slices = await CutAsync(reader, noted, gone);
            if (asked.ById && slices[0].Matched == 0)
            {
                await StoredQueries.Unknown(parameters["ID"] ?? "").ExecuteAsync(httpContext);
                return;
            }

            httpContext.Response.ContentType = asked.Format == WfsFormat.Gml ? GetFeature.Gml : Forms.GeoJson;
            PipeWriter body = httpContext.Response.BodyWriter;
            await (asked.Format == WfsFormat.Gml ? WriteGmlAsync(slices, reader, body, gone) : WriteGeoJsonAsync(slices, reader, body, gone));
        }
        catch (PostgresException failed) when (!httpContext.Response.HasStarted && WfsRefusal.Of(failed) is not null)
        {
            httpContext.Response.Clear();
            await WfsRefusal.Of(failed)!.ExecuteAsync(httpContext);
        }
    }

    /// <summary>Counts, which also shows whether the filter can be computed before anything is sent.</summary>
    private async Task<List<Slice>> CutAsync(WfsReader reader, List<NotedRead> noted, CancellationToken cancellation)
    {
        var slices = new List<Slice>(asked.Queries.Count);
        (long skip, long take) = (asked.Start, asked.Hits ? 0 : asked.Count);
        foreach (WfsQuery query in asked.Queries)
        {
            long matched = await reader.CountAsync(query, cancellation);
            long skipped = Math.Min(skip, matched);
            long taken = Math.Min(take, matched - skipped);
            slices.Add(new Slice(query, matched, skipped, taken, noted[slices.Count]));
            (skip, take) = (skip - skipped, take - taken);
        }

        return slices;
    }

    private async Task WriteGmlAsync(List<Slice> slices, WfsReader reader, PipeWriter body, CancellationToken cancellation)
    {
        var buffer = new MemoryStream(FlushedBytes * 2);
        await using var xml = XmlWriter.Create(buffer, Settings);
        // Identifiers that were written, where a feature could come twice: then it is only referred to.
        HashSet<string>? written = slices.DistinctBy(static slice => slice.Query.Layer.Id).Count() < slices.Count ? new(StringComparer.Ordinal) : null;
        if (!asked.ById)
        {
            xml.WriteStartElement("wfs", "FeatureCollection", Wfs);
            Declare(xml, slices);
            Numbers(xml, slices.Sum(static slice => slice.Matched), slices.Sum(static slice => slice.Take));
            Pages(slices, (name, address) => xml.WriteAttributeString(name, address));
        }

        foreach (Slice slice in slices)
        {
            // The answer to several queries is a collection of collections.
            if (slices.Count > 1 && !asked.Hits)
            {
                xml.WriteStartElement("wfs", "member", Wfs);
                xml.WriteStartElement("wfs", "FeatureCollection", Wfs);
                Numbers(xml, slice.Matched, slice.Take);
            }

            if (slice.Take > 0)
            {
                await foreach (NpgsqlDataReader row in reader.ReadAsync(slice.Query, WfsFormat.Gml, slice.Skip, slice.Take, cancellation))
                {
                    Write(xml, slice, row, written);
                    slice.Noted.Gave(1);
                    if (buffer.Length > FlushedBytes)
                    {
                        await SendAsync(xml, buffer, body, cancellation);
                    }
                }
            }

            if (slices.Count > 1 && !asked.Hits)
            {
                xml.WriteEndElement();
                xml.WriteEndElement();
            }
        }

        if (!asked.ById)
        {
            xml.WriteEndElement();
        }

        await SendAsync(xml, buffer, body, cancellation);
    }

    private void Write(XmlWriter xml, Slice slice, NpgsqlDataReader row, HashSet<string>? written)
    {
        Layer layer = slice.Query.Layer;
        string id = WfsNames.FeatureId(layer, row.GetString(0));
        if (written?.Add(id) == false)
        {
            xml.WriteStartElement("wfs", "member", Wfs);
            xml.WriteAttributeString("xlink", "href", WfsNames.XLink.NamespaceName, $"#{id}");
            xml.WriteEndElement();
            return;
        }

        string application = WfsNames.Application.NamespaceName;
        if (!asked.ById)
        {
            xml.WriteStartElement("wfs", "member", Wfs);
        }

        xml.WriteStartElement(WfsNames.Prefix, WfsNames.Local(layer.Id), application);
        if (asked.ById)
        {
            Declare(xml, [slice]);
        }

        xml.WriteAttributeString("gml", "id", WfsNames.Gml.NamespaceName, id);
        int at = 2;
        foreach (LayerColumn column in layer.Columns)
        {
            if (slice.Query.Gives(column.Name) && !row.IsDBNull(at++))
            {
                xml.WriteElementString(WfsNames.Prefix, WfsNames.Local(column.Name), application, WfsNames.Printable(row.GetString(at - 1)));
            }
        }

        // An empty geometry is one without a first number.
        if (!row.IsDBNull(1) && row.GetFieldValue<byte[]>(1) is { Length: > 9 } wkb && !IsEmptyPoint(wkb))
        {
            xml.WriteStartElement(WfsNames.Prefix, WfsNames.Local(layer.GeometryColumn), application);
            new GmlGeometry(wkb, slice.Query.Crs, xml).Write($"{id}.geometry");
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        if (!asked.ById)
        {
            xml.WriteEndElement();
        }
    }

    private static bool IsEmptyPoint(byte[] wkb) => wkb[1] == 1 && double.IsNaN(BitConverter.ToDouble(wkb, 5));

    private async Task WriteGeoJsonAsync(List<Slice> slices, WfsReader reader, PipeWriter body, CancellationToken cancellation)
    {
        (long matched, long returned) = (slices.Sum(static slice => slice.Matched), slices.Sum(static slice => slice.Take));
        if (!asked.ById)
        {
            string crs = slices.Count > 0 && slices[0].Query.Crs.Crs.Srid != 4326
                ? $"\"crs\":{{\"type\":\"name\",\"properties\":{{\"name\":\"{WfsCrs.Urn(slices[0].Query.Crs.Crs)}\"}}}},"
                : "";
            string links = "";
            Pages(slices, (rel, address) => links += $"{(links.Length > 0 ? "," : "")}{{\"rel\":\"{(rel == "next" ? rel : "prev")}\",\"type\":\"{Forms.GeoJson}\",\"href\":{JsonSerializer.Serialize(address)}}}");
            Encoding.UTF8.GetBytes(
                $"{{\"type\":\"FeatureCollection\",{crs}\"timeStamp\":\"{Now()}\",\"numberMatched\":{Text(matched)},\"numberReturned\":{Text(returned)},\"links\":[{links}],\"features\":[",
                body);
        }

        (bool first, long waiting) = (true, 0);
        foreach (Slice slice in slices.Where(static slice => slice.Take > 0))
        {
            await foreach (NpgsqlDataReader row in reader.ReadAsync(slice.Query, WfsFormat.GeoJson, slice.Skip, slice.Take, cancellation))
            {
                string id = JsonEncodedText.Encode(WfsNames.FeatureId(slice.Query.Layer, row.GetString(0))).ToString();
                Encoding.UTF8.GetBytes($"{(first ? "" : ",")}\n{{\"type\":\"Feature\",\"id\":\"{id}\",", body);
                byte[] feature = row.GetFieldValue<byte[]>(1);
                body.Write(feature.AsSpan(1));
                slice.Noted.Gave(1);
                (first, waiting) = (false, waiting + feature.Length);
                if (waiting > FlushedBytes)
                {
                    await body.FlushAsync(cancellation);
                    waiting = 0;
                }
            }
        }

        if (!asked.ById)
        {
            Encoding.UTF8.GetBytes("]}\n", body);
        }

        await body.FlushAsync(cancellation);
    }

    private void Declare(XmlWriter xml, List<Slice> slices)
    {
        const string xmlns = "http://www.w3.org/2000/xmlns/";
        xml.WriteAttributeString("xmlns", WfsNames.Prefix, xmlns, WfsNames.Application.NamespaceName);
        xml.WriteAttributeString("xmlns", "gml", xmlns, WfsNames.Gml.NamespaceName);
        xml.WriteAttributeString("xmlns", "xsi", xmlns, WfsNames.Xsi.NamespaceName);
        string types = string.Join(',', slices.Select(static slice => WfsNames.TypeName(slice.Query.Layer)).Distinct(StringComparer.Ordinal));
        string schema = $"{service}?SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeFeatureType&TYPENAMES={Uri.EscapeDataString(types)}";
        xml.WriteAttributeString(
            "xsi", "schemaLocation", WfsNames.Xsi.NamespaceName,
            (asked.ById ? "" : $"{Wfs} http://schemas.opengis.net/wfs/2.0/wfs.xsd ")
            + $"{WfsNames.Gml} http://schemas.opengis.net/gml/3.2.1/gml.xsd {WfsNames.Application} {schema}");
    }

    private void Numbers(XmlWriter xml, long matched, long returned)
    {
        xml.WriteAttributeString("timeStamp", Now());
        xml.WriteAttributeString("numberMatched", Text(matched));
        xml.WriteAttributeString("numberReturned", Text(returned));
    }

    private void Pages(List<Slice> slices, Action<string, string> write)
    {
        long end = asked.Start + slices.Sum(static slice => slice.Take);
        if (asked.Hits || asked.Count == 0)
        {
            return;
        }

        if (end < slices.Sum(static slice => slice.Matched) && parameters.Address(service, end, asked.Count) is string next)
        {
            write("next", next);
        }

        int before = (int)Math.Min(asked.Count, asked.Start);
        if (before > 0 && parameters.Address(service, asked.Start - before, before) is string previous)
        {
            write("previous", previous);
        }
    }

    private static async Task SendAsync(XmlWriter xml, MemoryStream buffer, PipeWriter body, CancellationToken cancellation)
    {
        await xml.FlushAsync();
        body.Write(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
        buffer.SetLength(0);
        await body.FlushAsync(cancellation);
    }

    private string Now() => clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
