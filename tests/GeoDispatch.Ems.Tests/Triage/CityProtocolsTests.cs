using System.Text.Json.Nodes;
using GeoDispatch.Ems.Triage;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoDispatch.Ems.Tests.Triage;

/// <summary>A city's own protocols stand in place of ours; a bad one leaves in force what was.</summary>
public sealed class CityProtocolsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("protocols").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_file_of_a_higher_version_counts_in_place_of_ours()
    {
        Write("chestPain", protocol => (protocol["version"], protocol["approvedBy"]) = (2, "王主任"));

        Protocols protocols = Start();

        Assert.Equal((2, "王主任"), (Version(protocols), protocols.InForce["chestPain"].Protocol.ApprovedBy));
        Assert.Equal(30, protocols.InForce.Count);
    }

    [Fact]
    public void A_protocol_of_a_complaint_that_we_do_not_know_stands_beside_ours()
    {
        Write("chestPain", protocol => (protocol["code"], protocol["number"]) = ("seaSting", 31), name: "seaSting");
        File.WriteAllText(Path.Combine(folder, "seaSting.json"), File.ReadAllText(Path.Combine(folder, "seaSting.json")).Replace("\"02-", "\"31-", StringComparison.Ordinal));

        Assert.Equal(31, Start().InForce["seaSting"].Protocol.Number);
    }

    [Fact]
    public void One_that_takes_the_number_of_another_is_refused_and_that_one_is_named()
    {
        Protocols protocols = Start();
        Write("chestPain", protocol => protocol["code"] = "seaSting", name: "seaSting");

        Assert.Contains("chestPain", Assert.Single(Assert.Single(protocols.Reload()).Faults), StringComparison.Ordinal);
        Assert.Equal(30, protocols.InForce.Count);
    }

    [Theory]
    [InlineData("the same version with another text", "approvedBy", "\"王主任\"", "version")]
    [InlineData("the code of another file", "code", "\"chest\"", "code")]
    [InlineData("a beginning that there is not", "begin", "\"moon\"", "begin")]
    public void A_file_that_is_refused_is_named_with_its_fault_and_ours_stays(string what, string member, string value, string place)
    {
        Protocols protocols = Start();
        Write("chestPain", protocol => protocol[member] = JsonNode.Parse(value));

        RefusedProtocol refused = Assert.Single(protocols.Reload());

        Assert.Equal("chestPain.json", refused.File);
        Assert.True(refused.Faults.Any(fault => fault.StartsWith(place, StringComparison.Ordinal)), $"{what}: {string.Join("\n", refused.Faults)}");
        Assert.Equal(1, Version(protocols));
    }

    [Fact]
    public void What_the_city_broke_leaves_the_citys_last_good_one_in_force_and_what_it_took_away_gives_way_to_ours()
    {
        Write("chestPain", protocol => protocol["version"] = 2);
        Protocols protocols = Start();
        string file = Path.Combine(folder, "chestPain.json");
        File.WriteAllText(file, "{");

        Assert.Single(protocols.Reload());
        Assert.Equal(2, Version(protocols));

        File.Delete(file);
        Assert.Empty(protocols.Reload());
        Assert.Equal(1, Version(protocols));
    }

    [Fact]
    public void The_same_file_read_again_is_the_same()
    {
        Write("chestPain", protocol => protocol["version"] = 2);
        Protocols protocols = Start();

        Assert.Empty(protocols.Reload());
        Assert.Equal(2, Version(protocols));
    }

    private Protocols Start() => new(new TriageSettings(folder), NullLogger<Protocols>.Instance);

    private static int Version(Protocols protocols) => protocols.InForce["chestPain"].Protocol.Version;

    /// <summary>Ours of this code, changed.</summary>
    private void Write(string code, Action<JsonNode> change, string? name = null)
    {
        using Stream ours = typeof(Protocols).Assembly.GetManifestResourceStream($"GeoDispatch.Ems.Triage.Protocols.{code}.json")!;
        JsonNode protocol = JsonNode.Parse(ours)!;
        change(protocol);
        File.WriteAllText(Path.Combine(folder, $"{name ?? code}.json"), protocol.ToJsonString());
    }
}
