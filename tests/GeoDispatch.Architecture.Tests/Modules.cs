using System.Reflection;
using GeoDispatch.Host;

namespace GeoDispatch.Architecture.Tests;

/// <summary>The product's assemblies and the arrows between its projects.</summary>
internal static class Modules
{
    /// <summary>Project → the projects that it refers to. An arrow more or less is a decision: change it here and in src/ARCHITECTURE.md.</summary>
    internal static readonly Dictionary<string, string[]> Arrows = new(StringComparer.Ordinal)
    {
        ["Spatial"] = [],
        ["Postgres"] = ["Spatial"],
        ["Identity"] = ["Postgres"],
        ["Sharing"] = ["Identity"],
        ["City"] = ["Identity"],
        ["Roads"] = ["City"],
        ["Tracking"] = ["Roads"],
        ["Dispatch"] = ["Tracking"],
        ["Ems"] = ["Dispatch"],
        ["Host"] = ["Ems", "Sharing"],
        ["Cli"] = ["Host"],
    };

    internal static Assembly[] Assemblies { get; } =
    [
        .. Arrows.Keys.Where(name => name is not ("Host" or "Cli")).Select(name => Assembly.Load($"GeoDispatch.{name}")),
        typeof(GeoDispatchServer).Assembly,
        typeof(GeoDispatch.Cli.ProductFolders).Assembly,
    ];
}
