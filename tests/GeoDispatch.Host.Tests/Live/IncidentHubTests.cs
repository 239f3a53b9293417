using System.Net;
using GeoDispatch.Testing;
using Microsoft.AspNetCore.SignalR.Client;

namespace GeoDispatch.Host.Tests.Live;

/// <summary>Who is told that an incident changed.</summary>
public sealed class IncidentHubTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task The_desks_hear_of_every_change_and_a_crew_of_its_own_alone()
    {
        Guid mine = server.Crews[0].UnitId, other = server.Crews[1].UnitId;
        Session desk = await server.DispatcherAsync();
        (Heard<Changed> atDesk, HubConnection deskHub) = await HearAsync(desk);
        (Heard<Changed> atColleague, HubConnection colleagueHub) = await HearAsync(await server.SignInAsync("dispatcher2"));
        (Heard<Changed> atCrew, HubConnection crewHub) = await HearAsync(await server.CrewAsync(mine));
        (Heard<Changed> atOther, HubConnection otherHub) = await HearAsync(await server.CrewAsync(other));
        await using (deskHub)
        await using (colleagueHub)
        await using (crewHub)
        await using (otherHub)
        {
            Incident incident = await desk.OpenAsync();
            await desk.AssignAsync(incident.Id, mine);
            foreach (Heard<Changed> heard in new[] { atDesk, atColleague, atCrew })
            {
                Changed told = await heard.FirstAsync(change => change.IncidentId == incident.Id && change.Version == 2, "nobody told of the assignment");
                Assert.Contains(mine, told.UnitIds!);
            }

            // What the other crew is told of later shows that it listened all the time.
            Incident later = await desk.OpenAsync(118.62, 37.44);
            await desk.AssignAsync(later.Id, other);
            await atOther.FirstAsync(change => change.IncidentId == later.Id, "the other crew hears nothing at all");
            Assert.DoesNotContain(atOther.All, change => change.IncidentId == incident.Id);
            Assert.DoesNotContain(atCrew.All, change => change.IncidentId == later.Id);
        }
    }

    [Fact]
    public async Task A_crew_that_is_recalled_hears_that_too()
    {
        Guid unitId = server.Crews[2].UnitId;
        Session desk = await server.DispatcherAsync();
        Incident incident = await desk.OpenAsync();
        Assignment work = await desk.AssignAsync(incident.Id, unitId);
        (Heard<Changed> heard, HubConnection hub) = await HearAsync(await server.CrewAsync(unitId));
        await using (hub)
        {
            (await desk.CancelAsync(work.Id)).Read<Incident>();
            await heard.FirstAsync(change => change.IncidentId == incident.Id && change.Version == 3, "the crew was not told");
        }
    }

    [Fact]
    public async Task Nobody_listens_without_a_session_nor_a_department_nor_a_terminal()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await RefusedAsync(server.Anonymous()));
        Assert.Equal(HttpStatusCode.Forbidden, await RefusedAsync(await server.SignInAsync("department")));
        await using HubConnection terminal = new HubConnectionBuilder()
            .WithUrl(new Uri(server.Address, "/hubs/incidents"), options => options.AccessTokenProvider = () => Task.FromResult<string?>(server.Crews[0].DeviceCredential))
            .Build();
        HttpRequestException refused = await Assert.ThrowsAsync<HttpRequestException>(() => terminal.StartAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    private async Task<HttpStatusCode?> RefusedAsync(Session session) =>
        (await Assert.ThrowsAsync<HttpRequestException>(() => server.ListenAsync(session, "/hubs/incidents"))).StatusCode;

    private async Task<(Heard<Changed> Heard, HubConnection Hub)> HearAsync(Session session)
    {
        var heard = new Heard<Changed>();
        return (heard, await server.ListenAsync(session, "/hubs/incidents", hub => hub.On<Changed>("changed", heard.Add)));
    }
}
