using System.Globalization;
using SpreadCheetah;
using SpreadCheetah.Worksheets;

namespace GeoDispatch.Ems.Figures;

/// <summary>Figures as a workbook (.xlsx, ECMA-376): a sheet of values, one line a figure and group, and a sheet that says what each means.</summary>
internal static class FigureSheet
{
    private static readonly string[] Head =
    [
        "分组 Group", "指标 Figure", "例数 Cases", "可计 Measured", "达标 In time", "达标率 In time %", "均值 s Mean", "中位 s P50", "P90 s",
    ];

    private static readonly string[] CountHead = ["分组 Group", "来电 Calls", "警情 Incidents", "派车 Runs", "出车 Started", "放空 Empty runs", "撤回 Recalled"];

    private static readonly string[] Meaning = ["指标 Figure", "代码 Code", "起 From", "止 To", "对象 Of", "目标 s Target", "目标 % Aim"];

    internal static async Task WriteAsync(Stream stream, FiguresView figures)
    {
        await using Spreadsheet book = await Spreadsheet.CreateNewAsync(stream);
        Dictionary<string, FigureDefinition> meant = figures.Definitions.ToDictionary(static figure => figure.Code, StringComparer.Ordinal);
        await StartAsync(book, "指标 Figures", Head);
        foreach (FigureGroup group in figures.Groups)
        {
            foreach (FigureValue value in group.Figures)
            {
                FigureDefinition figure = meant[value.Code];
                await book.AddRowAsync(
                [
                    new Cell(Name(figures.By, group.Key)), new Cell($"{figure.Zh} {figure.En}"), new Cell(value.Cases), new Cell(value.Measured), new Cell(value.InTime),
                    new Cell(value is { InTime: { } inTime, Measured: > 0 } ? Math.Round(100.0 * inTime / value.Measured, 1) : null),
                    new Cell(Tenths(value.Mean)), new Cell(Tenths(value.P50)), new Cell(Tenths(value.P90)),
                ]);
            }
        }

        await StartAsync(book, "数量 Counts", CountHead);
        foreach (FigureGroup group in figures.Groups)
        {
            await book.AddRowAsync(
            [
                new Cell(Name(figures.By, group.Key)), new Cell(group.Calls), new Cell(group.Incidents), new Cell(group.Runs), new Cell(group.Started),
                new Cell(group.EmptyRuns), new Cell(group.Recalled),
            ]);
        }

        await StartAsync(book, "定义 Definitions", Meaning);
        foreach (FigureDefinition figure in figures.Definitions)
        {
            await book.AddRowAsync(
            [
                new Cell($"{figure.Zh} {figure.En}"), new Cell(figure.Code), new Cell($"{figure.From.Zh} {figure.From.En}"), new Cell($"{figure.To.Zh} {figure.To.En}"),
                new Cell(figure.Of), new Cell(figure.TargetSeconds), new Cell(figure.TargetPercent),
            ]);
        }

        await book.AddRowAsync([new Cell($"时段 Time: {figures.From:yyyy-MM-dd HH:mm zzz} – {figures.To:yyyy-MM-dd HH:mm zzz}; {figures.TimeZone}")]);
        await book.FinishAsync();
    }

    private static async Task StartAsync(Spreadsheet book, string name, string[] head)
    {
        await book.StartWorksheetAsync(name, new WorksheetOptions { FrozenRows = 1 });
        await book.AddRowAsync([.. head.Select(static text => new Cell(text))]);
    }

    private static string Name(string by, string key) => (by, key) switch
    {
        ("all", _) => "全部 All",
        ("level", _) => $"P{key}",
        ("hour", _) => string.Create(CultureInfo.InvariantCulture, $"{int.Parse(key, CultureInfo.InvariantCulture):00}:00"),
        (_, "") => "区外 Outside",
        _ => key,
    };

    private static double? Tenths(double? seconds) => seconds is { } known ? Math.Round(known, 1) : null;
}
