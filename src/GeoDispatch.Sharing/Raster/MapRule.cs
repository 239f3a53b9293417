using System.Text.Json.Serialization;

namespace GeoDispatch.Sharing.Raster;

/// <summary>
/// How features of one layer are drawn. Zooms are MapLibre's: at zoom 0 the world is 512 pixels wide, one less than a tile of 256 pixels
/// says of itself. What comes later in the file lies on top, and its letters are placed first.
/// </summary>
internal sealed record MapRule
{
    private const double LargestZoom = 24;
    private string? selection;

    public required string Id { get; init; }

    /// <summary>A layer of the tiles, or a collection. Null for the ground alone; <c>*</c> for what no other rule knows.</summary>
    public string? Layer { get; init; }

    /// <summary>Chinese / English, for the legend. Null leaves it out of there.</summary>
    public string? Title { get; init; }

    /// <summary>Each property is one of these texts.</summary>
    public IReadOnlyDictionary<string, OneOf> If { get; init; } = new Dictionary<string, OneOf>();

    /// <summary>No property is one of these texts.</summary>
    public IReadOnlyDictionary<string, OneOf> Unless { get; init; } = new Dictionary<string, OneOf>();

    /// <summary>A property that the feature must have.</summary>
    public string? Has { get; init; }

    /// <summary>Only features of this shape; null for any.</summary>
    public TileShape? Shape { get; init; }

    [JsonPropertyName("minzoom")]
    public double MinZoom { get; init; }

    [JsonPropertyName("maxzoom")]
    public double MaxZoom { get; init; } = LargestZoom;

    public GroundDrawing? Ground { get; init; }

    public FillDrawing? Fill { get; init; }

    public LineDrawing? Line { get; init; }

    public DotDrawing? Dot { get; init; }

    public IconDrawing? Icon { get; init; }

    public LabelDrawing? Label { get; init; }

    // What has no end is drawn however near or far a program looks: the world in 256 pixels is zoom −1, and GDAL reads pixels of less than
    // a millimetre.
    internal bool ShownAt(double zoom) => (zoom >= MinZoom || MinZoom <= 0) && (zoom < MaxZoom || MaxZoom >= LargestZoom);

    /// <summary>The same for rules that draw the same features in the same way of making paths.</summary>
    internal string Selection => selection ??= string.Join('|', [
        $"{(Fill is null ? Dot is null ? "line" : $"dot {Id}" : "fill")} {Shape} {Has}",
        .. If.Select(static one => $"{one.Key}={string.Join(',', one.Value.Texts)}"), .. Unless.Select(static one => $"{one.Key}!{string.Join(',', one.Value.Texts)}"),
    ]);

    /// <summary>The names of its colours.</summary>
    internal IEnumerable<ColourName> Colours => new[]
    {
        Ground?.Colour, Fill?.Colour, Fill?.Outline, Line?.Colour, Dot?.Colour, Dot?.Outline, Icon?.Colour, Icon?.Disc, Icon?.Outline, Label?.Colour, Label?.Halo, Label?.Shield,
    }.OfType<ColourName>();
}

/// <summary>The whole picture, before anything else.</summary>
internal sealed record GroundDrawing(ColourName Colour);

internal sealed record FillDrawing(ColourName Colour)
{
    /// <summary>A line of one pixel around it.</summary>
    public ColourName? Outline { get; init; }

    public double Opacity { get; init; } = 1;
}

/// <summary>Widths in pixels; dashes in widths, drawn and left out by turns.</summary>
internal sealed record LineDrawing(ColourName Colour, ZoomNumber Width)
{
    public IReadOnlyList<double>? Dash { get; init; }

    public bool Round { get; init; }

    public double Opacity { get; init; } = 1;
}

/// <summary>A circle at each point, its radius in pixels.</summary>
internal sealed record DotDrawing(ColourName Colour, ZoomNumber Radius)
{
    public ColourName? Outline { get; init; }
}

/// <summary>A picture of <c>tiles/icons</c>, so many pixels wide, within a frame where it has a colour.</summary>
internal sealed record IconDrawing(string Name, double Size, ColourName Colour)
{
    /// <summary>Of the frame's ground.</summary>
    public ColourName? Disc { get; init; }

    public IconFrame Frame { get; init; }

    /// <summary>Around the frame or, where there is none, around the picture itself.</summary>
    public ColourName? Outline { get; init; }

    /// <summary>Drawn whatever else is there already.</summary>
    public bool Always { get; init; }

    /// <summary>Of the whole, with the frame and its outline.</summary>
    internal double Side => Disc is null ? Size + (Outline is null ? 0 : 3) : Math.Ceiling((Size * (Frame is IconFrame.Disc or IconFrame.Square ? 1.5 : 1.9)) + 2);
}

/// <summary>The frame of an icon says what kind of thing it is, where colours alone would not.</summary>
internal enum IconFrame
{
    Disc,
    Square,
    Diamond,
    Pentagon,
    Hexagon,
}

/// <summary>Letters beside a point or along a line. All measures in pixels.</summary>
/// <param name="Text">Properties, of which the first that the feature has is written.</param>
internal sealed record LabelDrawing(IReadOnlyList<string> Text, ZoomNumber Size, ColourName Colour)
{
    public ColourName? Halo { get; init; }

    public double HaloWidth { get; init; } = 1.4;

    /// <summary>Along the line instead of at its middle.</summary>
    public bool Along { get; init; }

    /// <summary>From one to the next along a line.</summary>
    public double Spacing { get; init; } = 400;

    /// <summary>Kept free around it.</summary>
    public double Padding { get; init; } = 4;

    /// <summary>A line is broken after so many letters' widths.</summary>
    public double Wrap { get; init; } = 8;

    public bool Bold { get; init; }

    /// <summary>A plate behind it, as road numbers have.</summary>
    public ColourName? Shield { get; init; }
}
