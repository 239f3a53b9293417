using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace GeoDispatch.Benchmarks.Isolation;

/// <summary>A person, signed in as a browser does: at a desk, on a vehicle or in a hospital.</summary>
internal sealed class Desk : IDisposable
{
    private readonly HttpClient http;

    private Desk(Uri address) => http = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies }) { BaseAddress = address };

    /// <summary>By which a hub knows this person.</summary>
    internal CookieContainer Cookies { get; } = new();

    internal static async Task<Desk> SignInAsync(Uri address, string userName, string password)
    {
        var desk = new Desk(address);
        desk.Take(await desk.GetAsync("/api/session"));
        desk.Take(await desk.PostAsync("/api/session", new { userName, password }));
        return desk;
    }

    internal async Task<JsonElement> GetAsync(string path) => await ReadAsync(await http.GetAsync(path));

    internal async Task<JsonElement> PostAsync(string path, object body) => await ReadAsync(await http.PostAsJsonAsync(path, body));

    internal async Task<JsonElement> PutAsync(string path, object body) => await ReadAsync(await http.PutAsJsonAsync(path, body));

    public void Dispose() => http.Dispose();

    private void Take(JsonElement session)
    {
        http.DefaultRequestHeaders.Remove("X-CSRF-Token");
        http.DefaultRequestHeaders.Add("X-CSRF-Token", session.GetProperty("csrfToken").GetString());
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            string text = await answer.Content.ReadAsStringAsync();
            return answer.IsSuccessStatusCode
                ? JsonDocument.Parse(text.Length == 0 ? "{}" : text).RootElement
                : throw new InvalidOperationException($"{answer.RequestMessage?.RequestUri}: {(int)answer.StatusCode} {text}");
        }
    }
}
