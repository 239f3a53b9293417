using System.Globalization;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Sharing.Raster;
using SkiaSharp;

namespace GeoDispatch.Dispatch.Orders;

/// <summary>What stands on a 派车单: who goes where, to whom and why. Times are in the city's own time zone.</summary>
/// <param name="Title">Of the agency's kind: 院前急救派车单, 应急派车单.</param>
/// <param name="Mark">演示 or the like, across the head; null on a real one.</param>
/// <param name="Reached">Milestones that were reached when it was printed.</param>
/// <param name="PrintedBy">A person, a station or a crew.</param>
internal sealed record OrderSheet(
    string Title, string? Mark, string Number, string CallSign, string Plate, string Station, string Crew, DateTimeOffset ReceivedAt, DateTimeOffset AssignedAt,
    int Priority, string PriorityName, string Type, string Complaint, string Address, string? Detail, bool ReadBack, string? CallerWords, double Lon, double Lat,
    string? CallbackNumber, string? CallerName, double? ExpectedSeconds, string Card, IReadOnlyDictionary<AssignmentStatus, DateTimeOffset> Reached,
    DateTimeOffset PrintedAt, string PrintedBy);

/// <summary>
/// Draws a 派车单 on one page of A4: what is known above, blanks for times, kilometres and signatures below. The order of the parts is ours, after what
/// such papers hold; no standard's form was at hand.
/// </summary>
internal static class OrderPage
{
    // Points, 72 to the inch.
    private const float Width = 595, Height = 842, Margin = 40, LabelWidth = 92, Small = 8.5f, Normal = 11.5f;
    private static readonly SKColor Ink = SKColors.Black, Grey = new(0x55, 0x55, 0x55);

    private static readonly (AssignmentStatus Milestone, string Name)[] Times =
    [
        (AssignmentStatus.Acknowledged, "收到任务"), (AssignmentStatus.EnRoute, "出车"), (AssignmentStatus.OnScene, "到达现场"),
        (AssignmentStatus.AtPatient, "接触患者"), (AssignmentStatus.LeftScene, "离开现场"), (AssignmentStatus.AtDestination, "送达医院"),
        (AssignmentStatus.HandedOver, "交接完成"), (AssignmentStatus.Available, "恢复待命"), (AssignmentStatus.BackAtStation, "返站"),
    ];

    /// <summary>The page as PDF; the letters can be searched and copied.</summary>
    /// <param name="face">Of Chinese letters; what it lacks comes from whichever face of the system has it.</param>
    internal static byte[] Draw(OrderSheet sheet, SKTypeface face)
    {
        // Laid out once for nobody: what is written is then known, and the paper takes those letters alone with it.
        using var nobody = new SKNoDrawCanvas((int)Width, (int)Height);
        HashSet<int> letters = Paint(nobody, sheet, face);
        SKTypeface own = FaceSubset.Of(face, letters);
        using var written = new MemoryStream();
        var about = new SKDocumentPdfMetadata { Title = $"{sheet.Title} {sheet.Number} {sheet.CallSign}", Creation = sheet.PrintedAt.UtcDateTime, Creator = "GeoDispatch" };
        using (var document = SKDocument.CreatePdf(written, about))
        {
            Paint(document.BeginPage(Width, Height), sheet, own);
            document.EndPage();
            document.Close();
        }

        if (own != face)
        {
            own.Dispose();
        }

        return written.ToArray();
    }

    /// <returns>What was written in the face, as code points.</returns>
    private static HashSet<int> Paint(SKCanvas canvas, OrderSheet sheet, SKTypeface face)
    {
        using var pen = new Pen(canvas, face);
        float y = DrawTable(pen, sheet, DrawHead(pen, sheet));
        DrawBlanks(pen, sheet, y + 14);
        pen.Write($"打印 / Printed {Stamp(sheet.PrintedAt)} {sheet.PrintedBy}。含个人信息,用后按规定保管或销毁 / Holds personal data", Margin, Height - 28, Small, Grey, Width - (2 * Margin));
        return pen.Letters;
    }

    private static float DrawHead(Pen pen, OrderSheet sheet)
    {
        pen.Write(sheet.Title, Margin, 62, 22, Ink, 360, bold: true);
        pen.Write("Dispatch sheet", Margin, 78, Small, Grey, 360);
        pen.Write($"{sheet.CallSign}  {sheet.Number}", Margin + 290, 62, 22, Ink, 225, bold: true);
        if (sheet.Mark is { } mark)
        {
            pen.Write(mark, Margin + 290, 78, Small, Grey, 225);
        }

        return 90;
    }

    private static float DrawTable(Pen pen, OrderSheet sheet, float y)
    {
        y = pen.Row(y, ("来电 / Call", Stamp(sheet.ReceivedAt), Normal), ("派单 / Dispatched", Stamp(sheet.AssignedAt), Normal));
        y = pen.Row(y, ("优先级 / Priority", $"P{sheet.Priority} {sheet.PriorityName}", 14), ("类型 / Type", sheet.Type, Normal));
        y = pen.Row(y, ("主诉 / Complaint", sheet.Complaint, 14));
        y = pen.Row(y, ("地址 / Address", sheet.Address, 18));
        y = pen.Row(y, ("补充 / Detail", sheet.Detail ?? "—", 14));
        y = pen.Row(y,
            ("核实 / Certainty", sheet.ReadBack ? "已复述 / read back" : "未核实 / unverified", Normal),
            ("坐标 / WGS 84", string.Create(CultureInfo.InvariantCulture, $"{sheet.Lon:0.00000}, {sheet.Lat:0.00000}"), Normal));
        if (sheet.CallerWords is { } words)
        {
            y = pen.Row(y, ("来电原话 / As said", words, Normal));
        }

        y = pen.Row(y, ("联系电话 / Phone", sheet.CallbackNumber ?? "—", 14), ("来电人 / Caller", sheet.CallerName ?? "—", Normal));
        y = pen.Row(y, ("车辆 / Vehicle", $"{sheet.CallSign} {sheet.Plate}", Normal), ("车站 / Station", sheet.Station, Normal));
        y = pen.Row(y, ("车组 / Crew", sheet.Crew, Normal));
        return pen.Row(y,
            ("路程 / By road", sheet.ExpectedSeconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"约 {seconds / 60:0} 分钟 / min") : "—", Normal),
            ("出动方案 / Run card", sheet.Card, Normal));
    }

    private static void DrawBlanks(Pen pen, OrderSheet sheet, float y)
    {
        const float Cell = (Width - (2 * Margin)) / 3, RowHeight = 30;
        foreach ((int index, (AssignmentStatus milestone, string name)) in Times.Index())
        {
            float x = Margin + (index % 3 * Cell), top = y + (index / 3 * RowHeight);
            pen.Box(x, top, Cell, RowHeight);
            pen.Write(name, x + 6, top + 19, Normal, Ink, 60);
            pen.Write(sheet.Reached.TryGetValue(milestone, out DateTimeOffset at) ? at.ToString("HH:mm:ss", CultureInfo.InvariantCulture) : "____:____", x + 72, top + 19, Normal, Ink, 92);
        }

        y += 3 * RowHeight;
        foreach ((int index, string name) in new[] { "出车里程 km", "返站里程 km", "接收医院", "医生签名", "护士签名", "驾驶员签名", "患者或家属签名", "接收人签名", "备注" }.Index())
        {
            float x = Margin + (index % 3 * Cell), top = y + (index / 3 * 36);
            pen.Box(x, top, Cell, 36);
            pen.Write(name, x + 6, top + 13, Small, Grey, Cell - 12);
        }
    }

    private static string Stamp(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Writes and rules on one canvas.</summary>
    private sealed class Pen(SKCanvas canvas, SKTypeface face) : IDisposable
    {
        private readonly SKPaint line = new() { Color = Grey, Style = SKPaintStyle.Stroke, StrokeWidth = 0.6f };
        private readonly List<SKFont> fonts = [];

        internal HashSet<int> Letters { get; } = [];

        internal void Box(float x, float y, float width, float height) => canvas.DrawRect(x, y, width, height, line);

        /// <summary>Writes in lines of at most this width, downwards from the first baseline.</summary>
        /// <returns>How many lines it took.</returns>
        internal int Write(string text, float x, float baseline, float size, SKColor colour, float width, bool bold = false)
        {
            using var paint = new SKPaint { Color = colour, IsAntialias = true };
            float at = x, y = baseline;
            foreach ((string run, SKFont font) in Runs(text, size, bold))
            {
                int start = 0;
                for (int end = 1; end <= run.Length; end++)
                {
                    // Chinese breaks anywhere, and a number that is cut is read on in the next line.
                    if (end == run.Length || at + font.MeasureText(run[start..(end + 1)]) > x + width)
                    {
                        canvas.DrawText(run[start..end], at, y, SKTextAlign.Left, font, paint);
                        at += font.MeasureText(run[start..end]);
                        if (end < run.Length)
                        {
                            (at, y, start) = (x, y + (size * 1.3f), end);
                        }
                    }
                }
            }

            return (int)Math.Round((y - baseline) / (size * 1.3f)) + 1;
        }

        /// <summary>One row of one or two boxes, each with what it is and what stands in it. As high as the longer of them needs.</summary>
        /// <returns>Where the next row begins.</returns>
        internal float Row(float y, params (string Label, string Text, float Size)[] cells)
        {
            float width = (Width - (2 * Margin)) / cells.Length, height = 24;
            foreach ((int index, (string label, string text, float size)) in cells.Index())
            {
                float x = Margin + (index * width);
                Write(label, x + 6, y + 15, Small, Grey, LabelWidth - 8);
                int lines = Write(text, x + LabelWidth, y + 6 + size, size, Ink, width - LabelWidth - 6, bold: size > Normal);
                height = Math.Max(height, (lines * size * 1.3f) + 8);
            }

            for (int index = 0; index < cells.Length; index++)
            {
                Box(Margin + (index * width), y, width, height);
            }

            return y + height;
        }

        public void Dispose()
        {
            line.Dispose();
            fonts.ForEach(static font => font.Dispose());
        }

        private IEnumerable<(string Run, SKFont Font)> Runs(string text, float size, bool bold)
        {
            SKFont own = New(face, size, bold);
            int start = 0;
            SKFont current = own;
            for (int at = 0; at < text.Length; at += char.IsSurrogatePair(text, at) ? 2 : 1)
            {
                int letter = char.IsSurrogate(text[at]) && !char.IsSurrogatePair(text, at) ? '?' : char.ConvertToUtf32(text, at);
                bool isOwn = own.ContainsGlyph(letter);
                if (isOwn)
                {
                    Letters.Add(letter);
                }

                SKFont wanted = isOwn ? own : SKFontManager.Default.MatchCharacter(letter) is { } other ? New(other, size, bold) : own;
                if (wanted != current && at > start)
                {
                    yield return (text[start..at], current);
                    start = at;
                }

                current = wanted;
            }

            if (start < text.Length)
            {
                yield return (text[start..], current);
            }
        }

        private SKFont New(SKTypeface typeface, float size, bool bold)
        {
            var font = new SKFont(typeface, size) { Embolden = bold, Subpixel = true };
            fonts.Add(font);
            return font;
        }
    }
}
