using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Calls;

/// <summary>A quiet telephone and a dead one sound alike: the desk is told which it is.</summary>
public sealed class ExchangeTests(CallCentre centre) : IClassFixture<CallCentre>
{
    private sealed record Pulse(bool Database, string Telephony);

    [Fact]
    public async Task An_exchange_that_says_no_more_that_it_is_there_is_missed_after_a_restart_of_the_server_too()
    {
        Session desk = centre.Desk;
        Assert.Equal(new Pulse(true, "none"), await PulseAsync());
        (await desk.PostAsync("/api/telephony/alive", new { })).MustRefuse(403, "telephony.keys_only");
        Assert.Equal("none", (await PulseAsync()).Telephony);
        await BeatAsync();
        Assert.Equal(new Pulse(true, "up"), await PulseAsync());
        await Eventually.GetAsync(PulseAsync, static pulse => pulse.Telephony == "down", "it is not missed");
        await BeatAsync();
        Assert.Equal("up", (await PulseAsync()).Telephony);

        await centre.Server.RestartAsync();
        desk = await centre.Server.SignInAsync("dispatcher1");
        await Eventually.GetAsync(PulseAsync, static pulse => pulse.Telephony == "down", "it is not missed after the restart");
        await BeatAsync();
        Assert.Equal("up", (await PulseAsync()).Telephony);
        Assert.Equal(1, await centre.Server.Database.CountAsync("dispatch.exchange"));

        Task<Pulse> PulseAsync() => desk.ReadAsync<Pulse>("/api/pulse");
        async Task BeatAsync() => Assert.Equal(204, (await centre.Keyed.WithKeyAsync(centre.ExchangeKey, "/api/telephony/alive", new { })).Status);
    }
}
