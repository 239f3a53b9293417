using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using GeoDispatch.Testing;

namespace GeoDispatch.Architecture.Tests;

/// <summary>Which project knows which, what is open to others, and what folders are called.</summary>
public sealed class StructureTests
{
    private static readonly string[] ForbiddenFolders = ["Services", "Repositories", "Dtos", "Helpers", "Utils", "Common", "Shared", "Managers"];

    [Fact]
    public void Projects_refer_to_each_other_exactly_as_the_arrows_say()
    {
        Dictionary<string, XDocument> projects = Directory.EnumerateFiles(Product.Sources, "*.csproj", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file)["GeoDispatch.".Length..], XDocument.Load, StringComparer.Ordinal);
        Assert.Equal(Modules.Arrows.Keys.Order(StringComparer.Ordinal), projects.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(projects.SelectMany(project => ArrowViolations(project.Key, project.Value)));
    }

    [Fact]
    public void An_arrow_that_points_up_is_found()
    {
        XDocument broken = XDocument.Parse(
            """<Project><ItemGroup><ProjectReference Include="../GeoDispatch.Roads/GeoDispatch.Roads.csproj" /><ProjectReference Include="../GeoDispatch.Dispatch/GeoDispatch.Dispatch.csproj" /></ItemGroup></Project>""");
        Assert.Equal(["Tracking → Dispatch"], ArrowViolations("Tracking", broken));
    }

    [Fact]
    public void The_compiled_modules_know_only_what_stands_below_them() =>
        Assert.Empty(Modules.Assemblies.SelectMany(module => module.GetReferencedAssemblies()
            .Select(known => known.Name!)
            .Where(known => known.StartsWith("GeoDispatch.", StringComparison.Ordinal) && !Below(module.GetName().Name!["GeoDispatch.".Length..]).Contains(known["GeoDispatch.".Length..]))
            .Select(known => $"{module.GetName().Name} → {known}")));

    [Fact]
    public void The_pure_project_refers_to_nothing_at_all()
    {
        XDocument project = XDocument.Load(Path.Combine(Product.Sources, "GeoDispatch.Spatial", "GeoDispatch.Spatial.csproj"));
        Assert.DoesNotContain(project.Descendants(), element => element.Name.LocalName.EndsWith("Reference", StringComparison.Ordinal));
    }

    [Fact]
    public void A_class_is_sealed_unless_something_inherits_it() => Assert.Empty(Modules.Assemblies.SelectMany(LeftOpen));

    [Fact]
    public void A_class_that_was_left_open_is_found() =>
        Assert.Contains(typeof(BrokenSamples.LeftOpen).FullName, LeftOpen(typeof(StructureTests).Assembly));

    [Fact]
    public void What_a_module_shows_fits_on_one_screen() =>
        Assert.Empty(Modules.Assemblies.Where(module => module.GetExportedTypes().Count(type => !type.IsNested) > 40)
            .Select(module => $"{module.GetName().Name}: {module.GetExportedTypes().Length} public types"));

    [Fact]
    public void Folders_are_named_after_things_of_the_field() => Assert.Empty(ForbiddenFoldersUnder(Product.Sources));

    [Fact]
    public void A_folder_of_a_technical_layer_is_found()
    {
        string root = Directory.CreateTempSubdirectory().FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(root, "GeoDispatch.City", "Places"));
            Directory.CreateDirectory(Path.Combine(root, "GeoDispatch.City", "Helpers"));
            Assert.Equal([Path.Combine(root, "GeoDispatch.City", "Helpers")], ForbiddenFoldersUnder(root));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static HashSet<string> Below(string module) =>
        [.. Modules.Arrows[module].SelectMany(lower => Below(lower).Append(lower))];

    private static IEnumerable<string> ArrowViolations(string name, XDocument project)
    {
        string[] refers = [.. project.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value)["GeoDispatch.".Length..])];
        return refers.Except(Modules.Arrows[name]).Select(more => $"{name} → {more}")
            .Concat(Modules.Arrows[name].Except(refers).Select(less => $"{name} no longer → {less}"));
    }

    private static IEnumerable<string> LeftOpen(Assembly assembly)
    {
        System.Type[] types = assembly.GetTypes();
        HashSet<System.Type?> inherited = [.. types.Select(type => type.BaseType is { IsGenericType: true } generic ? generic.GetGenericTypeDefinition() : type.BaseType)];
        return types.Where(type => type is { IsClass: true, IsAbstract: false, IsSealed: false } && !inherited.Contains(type)
                && type.GetCustomAttribute<CompilerGeneratedAttribute>() is null && !Regex.IsMatch(type.FullName!, "[<>]|^Program$|^System\\.|^Microsoft\\.", RegexOptions.None, TimeSpan.FromSeconds(1)))
            .Select(type => type.FullName!);
    }

    private static IEnumerable<string> ForbiddenFoldersUnder(string root) => Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories)
        .Where(folder => ForbiddenFolders.Contains(Path.GetFileName(folder), StringComparer.OrdinalIgnoreCase) && !SourceText.IsBuildOutput(folder));
}
