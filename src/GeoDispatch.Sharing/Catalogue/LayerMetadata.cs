using System.Globalization;

namespace GeoDispatch.Sharing.Catalogue;

/// <summary>To whom a layer is shared, by the classes of government data: 无条件共享, 有条件共享, 不予共享.</summary>
internal enum SharingClass
{
    /// <summary>Everybody, signed in or not.</summary>
    Unconditional,

    /// <summary>Only whom a rule lets in.</summary>
    Conditional,

    /// <summary>Its owner and administrators; nobody else is told that it exists.</summary>
    NotShared,
}

/// <summary>The classes by the names that the database and the interfaces use.</summary>
internal static class SharingClasses
{
    internal static readonly IReadOnlyList<string> Names = ["unconditional", "conditional", "not_shared"];

    internal static string Name(this SharingClass sharing) => Names[(int)sharing];

    /// <summary>Null where there is no such class.</summary>
    internal static SharingClass? Find(string? name) => Names.IndexOf(name) is >= 0 and int at ? (SharingClass)at : null;

    private static int IndexOf(this IReadOnlyList<string> names, string? name)
    {
        for (int at = 0; at < names.Count; at++)
        {
            if (names[at] == name)
            {
                return at;
            }
        }

        return -1;
    }
}

/// <summary>What is said of a layer beside its title and its columns.</summary>
/// <param name="Owner">Code of the department that answers for it.</param>
/// <param name="Attribution">What a map that shows it must name; null where nothing.</param>
/// <param name="ApprovalNumber">The number under which the map authority approved the map (审图号); null where there is none.</param>
/// <param name="MinZoom">From this zoom on it is drawn, 0 to 24.</param>
/// <param name="MaxZoom">Up to this one.</param>
/// <param name="SearchColumn">The features are found by its texts where places are searched; null where they are not.</param>
/// <param name="UpdatedAt">When an administrator last changed what is said; null where nobody has.</param>
internal sealed record LayerMetadata(
    string Owner, SharingClass Sharing, string? Attribution = null, string? ApprovalNumber = null, int MinZoom = 0,
    int MaxZoom = LayerMetadata.LargestZoom, string? SearchColumn = null, DateTimeOffset? UpdatedAt = null)
{
    internal const int LargestZoom = 24;

    /// <summary>Of the base map: the city's own, for everybody.</summary>
    internal static readonly LayerMetadata Default = new("city", SharingClass.Unconditional);
}

/// <summary>
/// The comment of a shared view. Its first line is the title, Chinese / English; a second may say in words, in any order, what is not as
/// with the base map: <c>volatile</c> or <c>static</c>, <c>conditional</c> or <c>not_shared</c>, <c>owner=CODE</c>, <c>minzoom=N</c>, <c>maxzoom=N</c>.
/// </summary>
/// <param name="Volatile">Null where it is not said: then it is so unless every table that the view reads tells of its changes.</param>
internal sealed record ShippedComment(string Title, bool? Volatile, LayerMetadata Metadata)
{
    /// <exception cref="FormatException">A word that means nothing here: a module ships a mistake.</exception>
    internal static ShippedComment Parse(string comment)
    {
        string[] lines = comment.Split('\n', 2);
        var read = new ShippedComment(lines[0].Trim(), null, LayerMetadata.Default);
        foreach (string word in lines.Length < 2 ? [] : lines[1].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            LayerMetadata metadata = read.Metadata;
            string[] parts = word.Split('=', 2);
            read = (parts[0], parts.Length) switch
            {
                ("volatile" or "static", 1) => read with { Volatile = word == "volatile" },
                ("conditional" or "not_shared", 1) => read with { Metadata = metadata with { Sharing = SharingClasses.Find(word)!.Value } },
                ("owner", 2) => read with { Metadata = metadata with { Owner = parts[1] } },
                ("minzoom", 2) => read with { Metadata = metadata with { MinZoom = int.Parse(parts[1], CultureInfo.InvariantCulture) } },
                ("maxzoom", 2) => read with { Metadata = metadata with { MaxZoom = int.Parse(parts[1], CultureInfo.InvariantCulture) } },
                _ => throw new FormatException($"A shared view's comment has the unknown word {word}"),
            };
        }

        return read;
    }
}
