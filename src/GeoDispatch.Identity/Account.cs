using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace GeoDispatch.Identity;

/// <summary>A person, or a crew's tablet, who signs in. One role each.</summary>
public sealed class Account : IdentityUser<Guid>
{
    /// <summary>As shown on the desk and in the log.</summary>
    public string DisplayName { get; set; } = "";

    /// <summary>Code of the department that the account belongs to.</summary>
    public string Department { get; set; } = "";

    /// <summary>One of <see cref="Roles"/>.</summary>
    public string Role { get; set; } = "";

    /// <summary>For a crew: its unit.</summary>
    public Guid? UnitId { get; set; }

    /// <summary>For the people of a hospital: their hospital.</summary>
    public Guid? HospitalId { get; set; }

    /// <summary>By an administrator, until unlocked. Apart from the pause after wrong passwords, which ends by itself.</summary>
    public bool Locked { get; set; }
}

/// <summary>The roles, as stored.</summary>
public static class Roles
{
    public const string Dispatcher = "dispatcher";
    public const string Crew = "crew";
    public const string Department = "department";

    /// <summary>The people of one hospital, at its emergency department: what comes to them, and nothing else of dispatch.</summary>
    public const string Hospital = "hospital";
    public const string Administrator = "administrator";
}

/// <summary>Names of the authorization policies that routes ask for.</summary>
public static class Policies
{
    /// <summary>Dispatchers and administrators.</summary>
    public const string Dispatchers = "Dispatchers";

    /// <summary>Crews, dispatchers and administrators.</summary>
    public const string Crews = "Crews";

    /// <summary>Dispatchers, administrators and departments.</summary>
    public const string Desk = "Desk";

    /// <summary>Every role but that of hospitals: what the departments of the city share.</summary>
    public const string Everyone = "Everyone";

    /// <summary>Crews, dispatchers, administrators and the people of hospitals: whoever brings or takes a patient.</summary>
    public const string Care = "Care";

    /// <summary>Dispatchers, administrators and the people of hospitals.</summary>
    public const string Reception = "Reception";

    /// <summary>The people of hospitals alone.</summary>
    public const string Hospitals = "Hospitals";

    /// <summary>Administrators alone.</summary>
    public const string Administrators = "Administrators";
}

/// <summary>Claims beside the standard ones.</summary>
public static class GeoClaims
{
    /// <summary>Id of the crew's unit.</summary>
    public const string Unit = "unit";

    /// <summary>Id of the hospital whose people these are.</summary>
    public const string Hospital = "hospital";

    /// <summary>Code of the department.</summary>
    public const string Department = "department";

    /// <summary>One for each of a key's scopes; people have none.</summary>
    public const string Scope = "scope";

    /// <summary>A key's own quota in tokens a second, where it has one.</summary>
    public const string PerSecond = "per_second";
}

/// <summary>What ASP.NET Core Identity stores: accounts alone. The schema is made by our migrations, not by EF Core.</summary>
internal sealed class IdentityDb(DbContextOptions<IdentityDb> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Account>(account =>
    {
        account.ToTable("account", "identity");
        account.HasKey(row => row.Id);
        account.Property(row => row.ConcurrencyStamp).IsConcurrencyToken();
        foreach (var property in account.Metadata.GetProperties())
        {
            property.SetColumnName(SnakeCase(property.Name));
        }
    });

    private static string SnakeCase(string name) => string.Concat(
        name.Select((letter, at) => char.IsUpper(letter) ? (at == 0 ? "" : "_") + char.ToLowerInvariant(letter) : $"{letter}"));
}
