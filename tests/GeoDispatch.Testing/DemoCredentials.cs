using System.Text.Json;
using GeoDispatch.Host;

namespace GeoDispatch.Testing;

/// <summary>What a crew of the demo city signs in with, and its terminal.</summary>
public sealed record DemoCrew(
    Guid UnitId, string CallSign, string UserName, string Password, Guid DeviceId, string DeviceCredential);

/// <summary>What the people of a hospital of the demo city sign in with.</summary>
public sealed record DemoHospitalAccount(Guid HospitalId, string Hospital, string UserName, string Password);

/// <summary>Who may sign in to the demo city, as the seed made them.</summary>
public sealed record DemoCredentials(IReadOnlyList<NewAccount> Desks, IReadOnlyList<DemoCrew> Crews, IReadOnlyList<DemoHospitalAccount> Hospitals)
{
    /// <summary>Of a database without a city.</summary>
    public static readonly DemoCredentials None = new([], [], []);

    private sealed record CredentialsFile(DemoCrew[] Crews, DemoHospitalAccount[] Hospitals);

    /// <summary>Reads the crews from the file that the seed left for <c>simulate</c>.</summary>
    public static async Task<DemoCredentials> ReadAsync(string home, IReadOnlyList<NewAccount> desks)
    {
        await using FileStream file = File.OpenRead(Path.Combine(home, DemoSeed.CredentialsFile));
        CredentialsFile made = (await JsonSerializer.DeserializeAsync<CredentialsFile>(file, JsonSerializerOptions.Web))!;
        return new DemoCredentials(desks, made.Crews, made.Hospitals);
    }

    /// <summary>The crew of a unit.</summary>
    public DemoCrew CrewOf(Guid unitId) => Crews.First(crew => crew.UnitId == unitId);

    /// <summary>The password of a desk, a crew or a hospital.</summary>
    public string PasswordOf(string userName) => Desks.FirstOrDefault(desk => desk.UserName == userName)?.Password
        ?? Crews.FirstOrDefault(crew => crew.UserName == userName)?.Password ?? Hospitals.First(hospital => hospital.UserName == userName).Password;
}

/// <summary>Where the product's own files stand in the clone.</summary>
public static class Product
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Tilesets and styles.</summary>
    public static string Tiles => Path.Combine(Root, "tiles");

    /// <summary>The sources of the server.</summary>
    public static string Sources => Path.Combine(Root, "src");

    /// <summary>The sources of the web console.</summary>
    public static string Web => Path.Combine(Root, "web");

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "GeoDispatch.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"GeoDispatch.sln was not found above {AppContext.BaseDirectory}");
    }
}
