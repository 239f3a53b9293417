using System.Text.Json;
using GeoDispatch.City.Demo;
using GeoDispatch.Dispatch.RunCards;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Ems.Hospitals;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using GeoDispatch.Tracking.Devices;

namespace GeoDispatch.Host;

/// <summary>An account and the password that was made for it; shown once, kept nowhere but as a hash.</summary>
public sealed record NewAccount(string UserName, string Password, string Role);

/// <summary>Fills an empty database with the demo city, its units and its people. All of it is labelled synthetic.</summary>
public static class DemoSeed
{
    /// <summary>The file in the home folder from which <c>simulate</c> takes the crews' credentials; those of the hospitals stand beside them. Readable by its owner alone.</summary>
    public const string CredentialsFile = "demo-credentials.json";

    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private sealed record HospitalCredentials(Guid HospitalId, string Hospital, string UserName, string Password);

    private sealed record CrewCredentials(
        Guid UnitId, string CallSign, string UserName, string Password, Guid DeviceId, string DeviceCredential);

    /// <summary>
    /// Seeds the city, units, hospitals, and the accounts of crews and hospitals where there is no city yet. The file of credentials comes last: where it is missing
    /// beside a demo city, an earlier seeding was interrupted (or the file lost), and units and crews are seeded again.
    /// </summary>
    /// <returns>False where all was there already, or the city is a real one.</returns>
    public static async Task<bool> RunAsync(
        IServiceProvider services, string home, IProgress<string>? progress, CancellationToken cancellation)
    {
        Databases databases = services.GetRequiredService<Databases>();
        string credentials = Path.Combine(home, CredentialsFile);
        if (!await DemoCity.SeedAsync(databases.Batch, progress, cancellation)
            && (File.Exists(credentials) || !await DemoCitySites.AreThereAsync(databases.Batch, cancellation)))
        {
            return false;
        }

        progress?.Report("站点、车辆、医院 / Stations, units, hospitals");
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        var devices = scope.ServiceProvider.GetRequiredService<DeviceRegistry>();
        var accounts = scope.ServiceProvider.GetRequiredService<AccountSeeder>();
        var hospitals = new List<HospitalCredentials>();
        foreach ((int index, DemoHospital hospital) in (await DemoHospitals.SeedAsync(databases.Dispatch, cancellation)).Index())
        {
            string userName = $"hospital.{index + 1}";
            string password = await accounts.IssueAsync(userName, $"演示急诊科 {hospital.Name}", Roles.Hospital, "hospitals", null, cancellation, hospital.Id);
            hospitals.Add(new HospitalCredentials(hospital.Id, hospital.Name, userName, password));
        }

        await DemoRunCards.SeedAsync(databases.Dispatch, cancellation);
        var crews = new List<CrewCredentials>();
        foreach (DemoUnit unit in await DemoUnits.SeedAsync(databases.Dispatch, devices, cancellation))
        {
            string userName = $"crew.{unit.CallSign.ToLowerInvariant()}";
            string password = await accounts.IssueAsync(userName, $"演示车组 {unit.CallSign}", Roles.Crew, unit.Department, unit.UnitId, cancellation);
            crews.Add(new CrewCredentials(unit.UnitId, unit.CallSign, userName, password, unit.DeviceId, unit.DeviceCredential));
        }

        await WritePrivatelyAsync(credentials, JsonSerializer.Serialize(new { crews, hospitals }, Web), cancellation);
        return true;
    }

    /// <summary>Makes one account for each kind of desk where there is none at all.</summary>
    public static async Task<IReadOnlyList<NewAccount>> DeskAccountsAsync(IServiceProvider services, CancellationToken cancellation)
    {
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<AccountSeeder>();
        if (await accounts.AnyAsync(Roles.Administrator, cancellation))
        {
            return [];
        }

        (string UserName, string Name, string Role, string Department)[] wanted =
        [
            ("dispatcher1", "调度员一席", Roles.Dispatcher, "120"),
            ("dispatcher2", "调度员二席", Roles.Dispatcher, "120"),
            ("department", "部门用户", Roles.Department, "city"),
            // The administrator comes last: its presence says that all were made.
            ("admin", "管理员", Roles.Administrator, "city"),
        ];
        var made = new List<NewAccount>();
        foreach ((string userName, string name, string role, string department) in wanted)
        {
            string password = await accounts.IssueAsync(userName, name, role, department, null, cancellation);
            made.Add(new NewAccount(userName, password, role));
        }

        return made;
    }

    private static async Task WritePrivatelyAsync(string path, string text, CancellationToken cancellation)
    {
        string making = path + ".making";
        File.Delete(making);
        await using (var file = new FileStream(making, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        await using (var writer = new StreamWriter(file))
        {
            await writer.WriteAsync(text.AsMemory(), cancellation);
        }

        File.Move(making, path, overwrite: true);
    }
}
