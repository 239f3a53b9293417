using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace GeoDispatch.Testing;

/// <summary>The computer in a station: it has a credential and no session.</summary>
public sealed class StationScreen(RunningServer server, Guid stationId, string credential)
{
    private sealed record Issued(Guid StationId, string Credential);

    /// <summary>Of its station.</summary>
    public Guid StationId => stationId;

    /// <summary>As the dispatcher was shown it.</summary>
    public string Credential => credential;

    /// <summary>A dispatcher gives the station of a unit its screen.</summary>
    public static async Task<StationScreen> OfUnitAsync(RunningServer server, Session desk, Guid unitId)
    {
        Guid station = (await desk.ReadAsync<Board>("/api/board")).UnitOf(unitId).StationId;
        return new StationScreen(server, station, (await desk.PostAsync($"/api/stations/{station}/screen", new { })).Read<Issued>().Credential);
    }

    /// <summary>Reads a path by the credential.</summary>
    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    /// <summary>What it shows.</summary>
    public async Task<StationBoard> ReadAsync() => (await GetAsync("/api/station")).Read<StationBoard>();

    /// <summary>收到.</summary>
    public Task<Answer> ReceiveAsync(params Guid[] deliveryIds) => SendAsync(HttpMethod.Post, "/api/station/receipts", new { deliveryIds });

    private async Task<Answer> SendAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body, body.GetType(), options: JsonSerializerOptions.Web);
        }

        return await server.Anonymous().SendAsync(request);
    }
}

public sealed record UnreadOrder(Guid DeliveryId, string Kind, DateTimeOffset CreatedAt);

public sealed record WantedOfUnit(string Capability, string Name);

public sealed record StationOrder(
    Guid AssignmentId, string Number, Guid UnitId, string CallSign, string Status, bool Active, int Priority, string TypeName, string Complaint, string Address,
    string? Detail, bool ReadBack, string? Card, WantedOfUnit[] Take, UnreadOrder[] Unread, DateTimeOffset? ReceiptAt, string? ReceiptBy);

public sealed record StationUnit(Guid Id, string CallSign, string Status, string? Leg);

public sealed record StationBoard(DateTimeOffset Now, Guid Id, string Name, StationUnit[] Units, StationOrder[] Orders)
{
    public StationOrder Of(Guid assignmentId) => Orders.Single(order => order.AssignmentId == assignmentId);
}
