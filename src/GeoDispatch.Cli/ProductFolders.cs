namespace GeoDispatch.Cli;

/// <summary>Where the product's own files stand: beside the program when installed, at the root of the clone otherwise.</summary>
internal sealed record ProductFolders(string Root)
{
    internal string Tiles => Path.Combine(Root, "tiles");

    internal string Web => Path.Combine(Root, "web");

    internal string Console => Path.Combine(Web, "dist");

    internal string DefaultHome => Path.Combine(Root, ".geodispatch");

    /// <summary>The nearest folder upwards from the program that holds both <c>tiles</c> and <c>web</c>.</summary>
    internal static ProductFolders Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var found = new ProductFolders(folder.FullName);
            if (Directory.Exists(found.Tiles) && Directory.Exists(found.Web))
            {
                return found;
            }
        }

        throw new Cluster.SetupException($"找不到 tiles 与 web 文件夹 / The folders tiles and web were not found above {AppContext.BaseDirectory}");
    }
}
