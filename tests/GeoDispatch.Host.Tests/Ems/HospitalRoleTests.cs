using System.Net;
using System.Text;
using GeoDispatch.Testing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Host.Tests.Ems;

/// <summary>What the people of a hospital get to see: what is their own, and nothing else of dispatch.</summary>
public sealed class HospitalRoleTests(RunningServer server) : IClassFixture<RunningServer>
{
    /// <summary>All that asks who somebody is and lets hospitals in. One more is a decision.</summary>
    private static readonly string[] Open =
    [
        "GET /api/assignments/{id:guid}/patients", "GET /api/assignments/{id:guid}/patients/{patientId:guid}/images/{commandId:guid}",
        "GET /api/hospitals", "GET /api/hospitals/{id:guid}/inbound", "GET /api/hospitals/{id:guid}/prealerts",
        "POST /api/assignments/{id:guid}/patients", "POST /api/assignments/{id:guid}/patients/{patientId:guid}/entries",
        "POST /api/hospitals/{id:guid}/prealerts/{prealertId:guid}/receipt", "POST /api/hospitals/{id:guid}/reports", "POST /api/session/password",
    ];

    [Fact]
    public async Task Of_all_routes_that_ask_who_somebody_is_only_those_of_hospitals_let_them_in()
    {
        Session hospital = await server.SignInAsync("hospital.1");
        var letIn = new List<string>();
        int walked = 0;
        foreach (RouteEndpoint route in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(static route =>
            (route.RoutePattern.RawText ?? "").TrimStart('/').StartsWith("api/", StringComparison.Ordinal)
            && (route.Metadata.GetMetadata<IAuthorizeData>() is not null || route.Metadata.GetMetadata<AuthorizationPolicy>() is not null)))
        {
            foreach (string method in route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
            {
                walked++;
                Answer answer = await hospital.SendAsync(new HttpRequestMessage(new HttpMethod(method), Path(route))
                {
                    Content = method == "GET" ? null : new StringContent("{}", Encoding.UTF8, "application/json"),
                });
                // 401 where only a device or a station is asked for.
                if (answer.Status != 401 && answer.Code != "session.forbidden")
                {
                    letIn.Add($"{method} /{route.RoutePattern.RawText!.Trim('/')}");
                }
            }
        }

        Assert.True(walked > 100, $"{walked} routes");
        Assert.Equal(Open, letIn.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/hubs/incidents")]
    [InlineData("/hubs/positions")]
    public async Task No_live_feed_of_dispatch_lets_a_hospital_in(string hub)
    {
        Session hospital = await server.SignInAsync("hospital.2");

        HttpRequestException refused = await Assert.ThrowsAsync<HttpRequestException>(() => server.ListenAsync(hospital, hub));

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task An_administrator_makes_an_account_of_a_hospital_that_there_is()
    {
        Session admin = await server.SignInAsync("admin");
        HospitalSeen hospital = (await admin.HospitalsAsync())[2];
        Task<Answer> MakeAsync(string name, object more) => admin.PostAsync("/api/admin/accounts", Merge(name, more));

        Assert.Equal("hospital", (await MakeAsync("ed1", new { role = "hospital" })).MustRefuse(400, "admin.bad_field").Problem.GetProperty("field").GetString());
        (await MakeAsync("ed1", new { role = "hospital", hospital = "没有的医院" })).MustRefuse(400, "admin.bad_field");
        (await MakeAsync("ed1", new { role = "dispatcher", hospital = hospital.Name })).MustRefuse(400, "admin.bad_field");
        Issued made = (await MakeAsync("ed1", new { role = "hospital", hospital = hospital.Name })).Read<Issued>();
        Assert.Equal(hospital.Id, made.Account.HospitalId);

        Session person = server.Anonymous();
        SignedIn session = (await person.SignInAsync("ed1", made.Password)).Read<SignedIn>();
        Assert.Equal(["hospital"], session.Roles);
        Assert.Equal(hospital.Id, session.HospitalId);
        (await person.ReportAsync(hospital)).Read204();
    }

    private sealed record AccountMade(Guid Id, Guid? HospitalId);

    private sealed record Issued(AccountMade Account, string Password);

    private sealed record SignedIn(string[] Roles, Guid? HospitalId);

    private static System.Text.Json.Nodes.JsonObject Merge(string userName, object more)
    {
        var body = System.Text.Json.JsonSerializer.SerializeToNode(more)!.AsObject();
        body["userName"] = userName;
        body["displayName"] = "急诊科";
        body["department"] = "hospitals";
        return body;
    }

    private static string Path(RouteEndpoint route) => "/" + string.Join('/', route.RoutePattern.PathSegments.Select(static segment => string.Concat(
        segment.Parts.Select(static part => part switch
        {
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternSeparatorPart separator => separator.Content,
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { ParameterPolicies: [{ Content: "guid" }] } => Guid.Empty.ToString(),
            _ => "1",
        }))));
}
