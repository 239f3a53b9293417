using GeoDispatch.Testing;
using UglyToad.PdfPig;

namespace GeoDispatch.Host.Tests.Dispatch;

/// <summary>The 派车单 as paper: one page, with the words on it that the crew needs, for those alone who may have it.</summary>
public sealed class OrderSheetTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task The_sheet_is_one_page_with_all_that_the_crew_has_to_know_and_blanks_for_the_rest()
    {
        Session desk = await server.DispatcherAsync();
        DemoCrew crew = server.Crews[0];
        Incident incident = await desk.OpenAsync();
        Assignment work = await desk.AssignAsync(incident.Id, crew.UnitId);
        using Session page = await server.CrewAsync(crew.UnitId);
        (await page.PressAsync(work.Id, "acknowledged")).Read<Incident>();
        Unit unit = (await desk.ReadAsync<Board>("/api/board")).UnitOf(crew.UnitId);

        (Answer answer, byte[] pdf) = await PrintAsync(desk.GetAsync, work.Id);

        Assert.Equal("application/pdf", answer.Response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no-store", answer.Response.Headers.CacheControl?.ToString());
        string name = Uri.UnescapeDataString(answer.Response.Content.Headers.ContentDisposition!.FileNameStar!);
        Assert.Matches($@"^派车单-\d{{8}}-{incident.Number}-{crew.CallSign}\.pdf$", name);
        Assert.True(pdf.Length < 300_000, $"{pdf.Length} bytes are much for one page.");
        using PdfDocument document = PdfDocument.Open(pdf);
        string text = string.Concat(Assert.Single(document.GetPages()).Letters.Select(letter => letter.Value)).Replace(" ", "", StringComparison.Ordinal);
        string[] words =
        [
            "院前急救派车单", incident.Number, crew.CallSign, unit.Plate, unit.StationName, "P2危重", "胸痛", "黄河路100号", "3单元201", "已复述/readback", "0546-8300000", "王女士",
            .. unit.Crew.Select(member => member.Name), "医疗急救（演示）:基础生命支持", "118.58000,37.45500", "医生签名", "____:____", Shanghai(work.Since).ToString("HH:mm:ss"),
        ];
        Assert.All(words, word => Assert.Contains(word.Replace(" ", "", StringComparison.Ordinal), text, StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable("GEODISPATCH_PICTURES") is { Length: > 0 } folder)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, "order-sheet.pdf"), pdf, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task An_address_as_long_as_may_be_stays_on_the_page_and_a_rare_letter_is_written_too()
    {
        Session desk = await server.DispatcherAsync();
        string address = string.Concat(Enumerable.Repeat("府前街与东二路交叉口向北", 17))[..195] + "🏥𠮷ß";
        Incident incident = (await desk.PostAsync("/api/incidents", Commands.NewIncident(118.58, 37.455, address))).Read<Incident>();
        Assignment work = await desk.AssignAsync(incident.Id, server.Crews[1].UnitId);

        (_, byte[] pdf) = await PrintAsync(desk.GetAsync, work.Id);

        using PdfDocument document = PdfDocument.Open(pdf);
        var page = Assert.Single(document.GetPages());
        string text = string.Concat(page.Letters.Select(letter => letter.Value));
        Assert.Contains(address[..195], text.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("备注", text, StringComparison.Ordinal);
        Assert.All(page.Letters, letter => Assert.InRange(letter.Location.X, 30, page.Width - 30));
        Assert.All(page.Letters, letter => Assert.InRange(letter.Location.Y, 15, page.Height - 15));
    }

    [Fact]
    public async Task The_station_and_the_crew_that_were_sent_print_it_and_no_others_and_each_reading_is_written_down()
    {
        Session desk = await server.DispatcherAsync();
        Guid mine = server.Crews[2].UnitId, other = server.Crews[3].UnitId;
        StationScreen own = await StationScreen.OfUnitAsync(server, desk, mine), foreign = await StationScreen.OfUnitAsync(server, desk, other);
        Incident incident = await desk.OpenAsync();
        Assignment work = await desk.AssignAsync(incident.Id, mine);
        string path = $"/api/assignments/{work.Id}/order.pdf";

        await PrintAsync(own.GetAsync, work.Id);
        using Session crew = await server.CrewAsync(mine), colleague = await server.CrewAsync(other);
        await PrintAsync(crew.GetAsync, work.Id);
        (await foreign.GetAsync(path)).MustRefuse(403, "order.not_yours");
        (await colleague.GetAsync(path)).MustRefuse(403, "order.not_yours");
        Assert.Equal(401, (await server.Anonymous().GetAsync(path)).Status);
        (await (await server.SignInAsync("department")).GetAsync(path)).MustRefuse(403, "session.forbidden");
        (await desk.GetAsync($"/api/assignments/{Guid.Empty}/order.pdf")).MustRefuse(404, "assignment.unknown");

        Assert.Equal(2, await server.Database.CountAsync("identity.audit WHERE action = 'order.printed' AND subject = $1", incident.Id.ToString()));
        // What is long over is the archive's.
        (await desk.CancelAsync(work.Id)).Read<Incident>();
        await PrintAsync(own.GetAsync, work.Id);
        await server.Database.ReadAsync<Guid>("UPDATE dispatch.assignment SET since = since - interval '13 hours' WHERE id = $1 RETURNING id", work.Id);
        (await own.GetAsync(path)).MustRefuse(403, "order.not_yours");
        await PrintAsync(desk.GetAsync, work.Id);
    }

    private static DateTimeOffset Shanghai(DateTimeOffset at) => at.ToOffset(TimeSpan.FromHours(8));

    private static async Task<(Answer Answer, byte[] Pdf)> PrintAsync(Func<string, Task<Answer>> read, Guid assignmentId)
    {
        Answer answer = await read($"/api/assignments/{assignmentId}/order.pdf");
        Assert.True(answer.Status == 200, answer.ToString());
        return (answer, await answer.Response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }
}
