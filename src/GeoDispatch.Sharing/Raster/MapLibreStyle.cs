using System.Text.Json.Nodes;
using SkiaSharp;

namespace GeoDispatch.Sharing.Raster;

/// <summary>The rules as the browser's map reads them: a style of MapLibre, version 8. Its fonts are the browser's own, so it names no glyphs.</summary>
internal static class MapLibreStyle
{
    /// <param name="layers">The layers that the tiles have: rules for others are left out.</param>
    /// <param name="tiles">The address of the TileJSON.</param>
    /// <param name="sprite">The address of the icons, without its ending.</param>
    internal static JsonObject Write(MapRules rules, string flavour, IReadOnlySet<string> layers, string tiles, string sprite)
    {
        Func<ColourName, SKColor> colours = rules.FindFlavour(flavour) ?? throw new ArgumentException("There is no such flavour", nameof(flavour));
        return new JsonObject
        {
            ["version"] = 8,
            ["name"] = "city",
            ["sources"] = new JsonObject { ["city"] = new JsonObject { ["type"] = "vector", ["url"] = tiles } },
            ["sprite"] = sprite,
            ["layers"] = new JsonArray([.. rules.All.Where(rule => rule.Layer is null || layers.Contains(rule.Layer)).Select(rule => (JsonNode)Layer(rule, colours))]),
        };
    }

    internal static JsonObject Layer(MapRule rule, Func<ColourName, SKColor> colours)
    {
        JsonNode Colour(ColourName name)
        {
            SKColor colour = colours(name);
            return JsonValue.Create(FormattableString.Invariant($"#{colour.Red:X2}{colour.Green:X2}{colour.Blue:X2}"));
        }

        (string type, JsonObject layout, JsonObject paint) = rule switch
        {
            { Ground: { } ground } => ("background", [], new JsonObject { ["background-color"] = Colour(ground.Colour) }),
            { Fill: { } fill } => ("fill", [], Fill(fill, Colour)),
            { Line: { } line } => ("line", line.Round ? new JsonObject { ["line-cap"] = "round", ["line-join"] = "round" } : [], Line(line, Colour)),
            { Dot: { } dot } => ("circle", [], Dot(dot, Colour)),
            _ => ("symbol", Symbol(rule), Letters(rule.Label, Colour)),
        };
        var layer = new JsonObject { ["id"] = rule.Id, ["type"] = type };
        if (rule.Layer is string source)
        {
            (layer["source"], layer["source-layer"]) = ("city", source);
        }

        if (rule.MinZoom > 0)
        {
            layer["minzoom"] = rule.MinZoom;
        }

        if (rule.MaxZoom < 24)
        {
            layer["maxzoom"] = rule.MaxZoom;
        }

        if (Filter(rule) is { } filter)
        {
            layer["filter"] = filter;
        }

        if (layout.Count > 0)
        {
            layer["layout"] = layout;
        }

        layer["paint"] = paint;
        return layer;
    }

    private static JsonObject Fill(FillDrawing fill, Func<ColourName, JsonNode> colour)
    {
        var paint = new JsonObject { ["fill-color"] = colour(fill.Colour) };
        if (fill.Outline is { } outline)
        {
            paint["fill-outline-color"] = colour(outline);
        }

        return WithOpacity(paint, "fill-opacity", fill.Opacity);
    }

    private static JsonObject Line(LineDrawing line, Func<ColourName, JsonNode> colour)
    {
        var paint = new JsonObject { ["line-color"] = colour(line.Colour), ["line-width"] = Number(line.Width) };
        if (line.Dash is { } dash)
        {
            paint["line-dasharray"] = new JsonArray([.. dash.Select(static part => (JsonNode)part)]);
        }

        return WithOpacity(paint, "line-opacity", line.Opacity);
    }

    private static JsonObject Dot(DotDrawing dot, Func<ColourName, JsonNode> colour)
    {
        var paint = new JsonObject { ["circle-color"] = colour(dot.Colour), ["circle-radius"] = Number(dot.Radius) };
        if (dot.Outline is { } outline)
        {
            (paint["circle-stroke-color"], paint["circle-stroke-width"]) = (colour(outline), 1);
        }

        return paint;
    }

    private static JsonObject Symbol(MapRule rule)
    {
        var layout = new JsonObject();
        if (rule.Icon is { } icon)
        {
            layout["icon-image"] = rule.Id;
            layout["icon-allow-overlap"] = icon.Always;
            if (rule.Label is not null)
            {
                layout["text-optional"] = true;
                layout["text-variable-anchor"] = new JsonArray("top", "left", "right", "bottom");
                layout["text-radial-offset"] = Math.Round(((icon.Side / 2) + 1) / rule.Label.Size.Stops[0].Value, 2);
                layout["text-justify"] = "auto";
            }
        }

        if (rule.Label is { } label)
        {
            layout["text-field"] = label.Text.Count == 1 ? Get(label.Text[0]) : new JsonArray(["coalesce", .. label.Text.Select(static name => (JsonNode)Get(name))]);
            layout["text-font"] = new JsonArray(label.Bold ? "Noto Sans SC Bold" : "Noto Sans SC");
            layout["text-size"] = Number(label.Size);
            layout["text-padding"] = label.Padding;
            layout["text-max-width"] = label.Wrap;
            if (label.Shield is not null)
            {
                layout["icon-image"] = rule.Id;
                layout["icon-text-fit"] = "both";
                layout["text-rotation-alignment"] = "viewport";
                layout["icon-rotation-alignment"] = "viewport";
            }

            if (label.Along || label.Shield is not null)
            {
                layout["symbol-placement"] = "line";
                layout["symbol-spacing"] = label.Spacing;
                layout["text-max-angle"] = 30;
            }
        }
        else if (rule.Icon is not null && rule.Shape == TileShape.Line)
        {
            (layout["symbol-placement"], layout["symbol-spacing"], layout["icon-rotation-alignment"]) = ("line", 180, "map");
        }

        return layout;
    }

    private static JsonObject Letters(LabelDrawing? label, Func<ColourName, JsonNode> colour)
    {
        var paint = new JsonObject();
        if (label is not null)
        {
            paint["text-color"] = colour(label.Colour);
        }

        if (label?.Halo is { } halo)
        {
            (paint["text-halo-color"], paint["text-halo-width"]) = (colour(halo), label.HaloWidth);
        }

        return paint;
    }

    private static JsonArray? Filter(MapRule rule)
    {
        var all = new List<JsonNode>();
        if (rule.Shape is TileShape shape)
        {
            all.Add(new JsonArray("==", new JsonArray("geometry-type"), shape == TileShape.Line ? "LineString" : shape.ToString()));
        }

        all.AddRange(rule.If.Select(static condition => Compare(condition.Key, condition.Value)));
        all.AddRange(rule.Unless.Select(static condition => new JsonArray("!", Compare(condition.Key, condition.Value))));
        if (rule.Has is string has)
        {
            all.Add(new JsonArray("has", has));
        }

        return all.Count switch { 0 => null, 1 => (JsonArray)all[0], _ => new JsonArray(["all", .. all]) };
    }

    private static JsonArray Compare(string name, OneOf values) => values.Texts.Any(static text => OneOf.BeginningOf(text) is not null)
        ? new JsonArray(["any", .. values.Texts.Select(text => OneOf.BeginningOf(text) is string beginning
            ? new JsonArray("==", new JsonArray("slice", new JsonArray("to-string", Get(name)), 0, beginning.Length), beginning)
            : new JsonArray("==", Get(name), text))])
        : values.Values.Count == 1
        ? new JsonArray("==", Get(name), JsonNode.Parse(values.Values[0].GetRawText()))
        : new JsonArray("in", Get(name), new JsonArray("literal", new JsonArray([.. values.Values.Select(static value => JsonNode.Parse(value.GetRawText()))])));

    private static JsonArray Get(string name) => new("get", name);

    private static JsonNode Number(ZoomNumber number) => number.Stops.Count == 1
        ? JsonValue.Create(number.Stops[0].Value)
        : new JsonArray([
            "interpolate", new JsonArray("exponential", ZoomNumber.Base), new JsonArray("zoom"), .. number.Stops.SelectMany(static stop => new JsonNode[] { stop.Zoom, stop.Value })]);

    private static JsonObject WithOpacity(JsonObject paint, string name, double opacity)
    {
        if (opacity < 1)
        {
            paint[name] = opacity;
        }

        return paint;
    }
}
