using System.Globalization;
using GeoDispatch.Ems.Figures;
using GeoDispatch.Testing;
using GeoDispatch.Tracking;
using Npgsql;
using Figures = GeoDispatch.Host.Tests.Ems.FigureTests.Figures;
using Group = GeoDispatch.Host.Tests.Ems.FigureTests.Group;

namespace GeoDispatch.Host.Tests.Ems;

/// <summary>The report of a day that is over.</summary>
public sealed class DailyReportTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_report_of_each_day_that_is_over_is_made_by_itself_and_stays_as_it_was_made()
    {
        Session desk = await server.DispatcherAsync();
        string day = TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai")).AddDays(-2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await server.Database.AdministerAsync($"""
            INSERT INTO dispatch.incident (id, number, day, version, status, type, priority, complaint, lon, lat, address, read_back, received_at, opened_at, opened_by)
            VALUES (gen_random_uuid(), 'D1', '{day}', 1, 'waiting', 'medical', 2, 'SYNTHETIC', 118.6, 37.4, 'SYNTHETIC', true, '{day}T12:00:00+08:00', '{day}T12:01:30+08:00', 'simulated')
            """);
        RoundWorker reports = server.Services.GetRequiredService<DailyReports>();
        await reports.KeepAsync(Cancellation);
        Assert.Equal([day], await desk.ReadAsync<string[]>("/api/ems/reports"));
        Group all = Assert.Single((await desk.ReadAsync<Report>($"/api/ems/reports/{day}")).Figures.Single(static figures => figures.By == "all").Groups);
        Assert.Equal((1, 90.0), (all.Incidents, all.Figures.Single(static figure => figure.Code == "intake").Mean));
        Assert.Equal(200, (await desk.GetAsync($"/api/ems/reports/{day}/station.xlsx")).Status);
        (await desk.GetAsync("/api/ems/reports/2020-01-01")).MustRefuse(404, "report.unknown");
        await Assert.ThrowsAsync<PostgresException>(() => server.Database.AdministerAsync("UPDATE ems.daily_report SET content = '{}'"));
    }

    private sealed record Report(string Day, Figures[] Figures);
}
