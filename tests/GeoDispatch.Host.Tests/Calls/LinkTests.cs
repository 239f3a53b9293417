using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text.Json;
using GeoDispatch.Dispatch.Calls.Link;
using GeoDispatch.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace GeoDispatch.Host.Tests.Calls;

/// <summary>What a caller shares by the link that was sent to it, and who else may not.</summary>
public sealed class LinkTests(CallCentre centre) : IClassFixture<CallCentre>
{
    public sealed record Link(string? Url, DateTimeOffset ExpiresAt, bool Sent, Reason Note);

    [Fact]
    public async Task A_caller_shares_where_it_is_and_words_and_the_desk_reads_them()
    {
        (Call call, string path) = await LinkAsync();
        using Session phone = new(centre.Server.Address);
        Answer page = await phone.GetAsync(path);
        Assert.Equal((200, "text/html"), (page.Status, page.Response.Content.Headers.ContentType?.MediaType));
        Assert.Contains("共享位置", page.Text, StringComparison.Ordinal);
        Assert.Contains("Share position", page.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await phone.GetAsync("/c/share.js")).Status);

        Guid shareId = Guid.NewGuid();
        await ShareAsync(phone, path + "/position", new { shareId, lon = 118.59, lat = 37.46, accuracyMeters = 18 });
        await ShareAsync(phone, path + "/position", new { shareId, lon = 118.59, lat = 37.46, accuracyMeters = 18 });
        await ShareAsync(phone, path + "/text", new { shareId = Guid.NewGuid(), text = "三单元门口,楼下有人接" });

        CallDetail detail = await centre.Desk.ReadAsync<CallDetail>($"/api/calls/{call.Id}");
        Assert.Equal((118.59, 18.0, "link"), (detail.Call.Place!.Lon, detail.Call.Place.UncertaintyMeters, detail.Call.Place.By));
        Assert.Equal(["callRang", "callTaken", "linkSent", "callerLocated", "callerWrote"], detail.Timeline.Select(entry => entry.Type));
        Assert.Equal("三单元门口,楼下有人接", detail.Timeline[^1].Data.GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_photo_is_known_by_its_own_bytes_and_dispatchers_alone_see_it()
    {
        (Call call, string path) = await LinkAsync();
        using Session phone = new(centre.Server.Address);
        byte[] photo = Png(640, 480);
        Assert.Equal(204, (await SendPhotoAsync(phone, path, photo)).Status);
        (await SendPhotoAsync(phone, path, "<script>alert(1)</script>"u8.ToArray())).MustRefuse(400, "command.bad_field");
        (await SendPhotoAsync(phone, path, Png(0, 480))).MustRefuse(400, "command.bad_field");
        (await SendPhotoAsync(phone, path, new byte[5_242_881])).MustRefuse(413, "body.too_large");

        JsonElement sent = (await centre.Desk.ReadAsync<CallDetail>($"/api/calls/{call.Id}")).Timeline.Single(entry => entry.Type == "callerSentPhoto").Data;
        Assert.Equal(("image/png", photo.Length), (sent.GetProperty("mediaType").GetString(), sent.GetProperty("bytes").GetInt32()));
        string url = $"/api/calls/{call.Id}/photos/{sent.GetProperty("photoId").GetGuid()}";
        Answer seen = await centre.Desk.GetAsync(url);
        Assert.Equal((200, "image/png", photo.Length), (seen.Status, seen.Response.Content.Headers.ContentType?.MediaType, (int)seen.Response.Content.Headers.ContentLength!));
        Session department = await centre.Server.SignInAsync("department");
        (await department.GetAsync(url)).MustRefuse(403, "session.forbidden");
        (await phone.GetAsync(url)).MustRefuse(401, "session.required");
        (await centre.Desk.GetAsync($"/api/calls/{Guid.NewGuid()}/photos/{sent.GetProperty("photoId").GetGuid()}")).MustRefuse(404, "photo.unknown");

        for (int more = 1; more < 5; more++)
        {
            Assert.Equal(204, (await SendPhotoAsync(phone, path, photo)).Status);
        }

        (await SendPhotoAsync(phone, path, photo)).MustRefuse(409, "link.too_many_photos");
    }

    [Fact]
    public async Task A_link_is_over_an_hour_later_or_ten_minutes_after_the_call()
    {
        (Call call, string path) = await LinkAsync();
        using Session phone = new(centre.Server.Address);
        (await CallCentre.DoAsync(centre.Desk, call, "end", new { result = "noEmergency" })).Read<Call>();
        await ShareAsync(phone, path + "/text", new { shareId = Guid.NewGuid(), text = "还在原地" });

        await centre.Server.Database.AdministerAsync("UPDATE dispatch.call_link SET expires_at = now() - interval '1 second', used_at = NULL");
        (await phone.PostAsync(path + "/text", new { shareId = Guid.NewGuid(), text = "还在原地" })).MustRefuse(410, "link.over");
        (await phone.GetAsync(path)).MustRefuse(410, "link.over");
        (await phone.GetAsync("/c/" + new string('A', 43))).MustRefuse(404, "link.unknown");
    }

    [Fact]
    public async Task Nonsense_and_haste_are_refused()
    {
        (Call call, string path) = await LinkAsync();
        using Session phone = new(centre.Server.Address);
        (await phone.PostAsync(path + "/position", new { shareId = Guid.NewGuid(), lon = 200, lat = 37, accuracyMeters = 5 })).MustRefuse(400, "command.bad_field");
        (await phone.PostAsync(path + "/position", new { shareId = Guid.NewGuid(), lon = 118, lat = 37, accuracyMeters = -5 })).MustRefuse(400, "command.bad_field");
        (await phone.PostAsync(path + "/text", new { shareId = Guid.NewGuid(), text = new string('长', 501) })).MustRefuse(400, "command.bad_field");
        (await phone.PostAsync(path + "/text", new { text = "无编号" })).MustRefuse(400, "command.bad_field");
        Answer[] hasty = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => phone.PostAsync(path + "/text", new { shareId = Guid.NewGuid(), text = "快" })));
        Assert.Single(hasty, answer => answer.Status == 204);
        Assert.All(hasty.Where(answer => answer.Status != 204), answer => answer.MustRefuse(429, "link.too_fast"));
        Assert.Equal(4, (await centre.FindAsync(call.Id)).Version);
    }

    [Fact]
    public async Task Without_a_gateway_the_dispatcher_is_told_to_read_the_link_out_and_a_call_without_a_number_has_none()
    {
        Call call = await centre.TakenAsync();
        Link link = (await CallCentre.DoAsync(centre.Desk, call, "link")).Read<Link>();
        Assert.Equal((false, "短信未发出,请口述链接"), (link.Sent, link.Note.Zh));
        Assert.InRange(link.ExpiresAt, CallCentre.Now.AddMinutes(59), CallCentre.Now.AddMinutes(61));
        (await CallCentre.DoAsync(centre.Colleague, call, "link")).MustRefuse(409, "call.held");
        Call withheld = await centre.RingAsync(null);
        (await CallCentre.DoAsync(centre.Desk, withheld, "take")).Read<Call>();
        (await CallCentre.DoAsync(centre.Desk, withheld, "link")).MustRefuse(409, "call.no_number");
        // The token stands in the answer alone.
        string token = link.Url!.Split('/')[^1];
        Assert.True(token.Length >= 43);
        Assert.Equal(0, await centre.Server.Database.CountAsync("dispatch.call_event WHERE data::text LIKE '%' || $1 || '%'", token));
    }

    [Fact]
    public async Task A_gateway_gets_the_number_and_the_text_and_its_refusal_is_told()
    {
        var got = new ConcurrentQueue<(string? Authorization, JsonElement Body)>();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using WebApplication gateway = builder.Build();
        gateway.MapPost("/send", (HttpContext http, JsonElement body) =>
        {
            got.Enqueue((http.Request.Headers.Authorization, body));
            return got.Count == 1 ? Results.Accepted() : Results.StatusCode(503);
        });
        await gateway.StartAsync(TestContext.Current.CancellationToken);
        using var messages = new GatewayMessages(
            new CallerMessageSettings { GatewayUrl = new Uri(gateway.Urls.Single() + "/send"), GatewayKey = "secret" }, Microsoft.Extensions.Logging.Abstractions.NullLogger<GatewayMessages>.Instance);

        Assert.True(await messages.SendAsync("12000000001", "请点击链接", TestContext.Current.CancellationToken));
        Assert.False(await messages.SendAsync("12000000001", "请点击链接", TestContext.Current.CancellationToken));

        (string? authorization, JsonElement body) = got.First();
        Assert.Equal(("Bearer secret", "12000000001", "请点击链接"), (authorization, body.GetProperty("to").GetString(), body.GetProperty("text").GetString()));
        await gateway.StopAsync(TestContext.Current.CancellationToken);
        Assert.False(await messages.SendAsync("12000000001", "请点击链接", TestContext.Current.CancellationToken));
    }

    private async Task<(Call Call, string Path)> LinkAsync()
    {
        Call call = await centre.TakenAsync();
        Link link = (await CallCentre.DoAsync(centre.Desk, call, "link")).Read<Link>();
        return (call, new Uri(link.Url!).AbsolutePath);
    }

    /// <summary>As the page does: a second later where it was too fast.</summary>
    private static async Task ShareAsync(Session phone, string path, object shared) =>
        await Eventually.GetAsync(() => phone.PostAsync(path, shared), static answer => answer.Status == 204, "the share is taken");

    private static Task<Answer> SendPhotoAsync(Session phone, string path, byte[] photo) => Eventually.GetAsync(
        () => phone.SendAsync(new HttpRequestMessage(HttpMethod.Post, $"{path}/photo?shareId={Guid.NewGuid()}") { Content = new ByteArrayContent(photo) }),
        static answer => answer.Status != 429, "the photo is answered");

    /// <summary>The beginning of a PNG of this size, as far as anybody reads it.</summary>
    private static byte[] Png(int width, int height)
    {
        byte[] photo = new byte[2_000_000];
        new byte[] { 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52 }.CopyTo(photo, 0);
        BinaryPrimitives.WriteInt32BigEndian(photo.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(photo.AsSpan(20), height);
        return photo;
    }
}
