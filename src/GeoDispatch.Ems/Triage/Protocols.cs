using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;

namespace GeoDispatch.Ems.Triage;

/// <summary>Where a city keeps protocols of its own.</summary>
/// <param name="Folder">Files named by the protocol's code, such as <c>chestPain.json</c>. Need not be there.</param>
public sealed record TriageSettings(string Folder);

/// <summary>A protocol in force.</summary>
/// <param name="Digest">SHA-256 of its content: the same version with another text is another protocol to whoever reads what was asked.</param>
/// <param name="Content">All of it as JSON.</param>
internal sealed record Edition(Protocol Protocol, byte[] Digest, string Content);

/// <summary>A file that was refused, and why: whatever was in force before stays.</summary>
internal sealed record RefusedProtocol(string File, IReadOnlyList<string> Faults);

/// <summary>
/// The protocols in force: ours, which come with the program, and the city's in place of ours or beside them. A file of the city counts where it
/// is good and of a higher version than ours; else the one that was in force stays so.
/// </summary>
internal sealed partial class Protocols
{
    private const string Ours = "GeoDispatch.Ems.Triage.Protocols.", SharedName = "common.json";

    /// <summary>A member that is unknown, missing, twice or null is a fault of the file.</summary>
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly string folder;
    private readonly ILogger<Protocols> log;

    /// <exception cref="InvalidDataException">One of the files that come with the program is bad.</exception>
    public Protocols(TriageSettings settings, ILogger<Protocols> log)
    {
        (folder, this.log) = (settings.Folder, log);
        InForce = OfProgram;
        Reload();
    }

    /// <summary>What the protocols have in common. Stands before those, which are read with it.</summary>
    internal static SharedParts Shared { get; } = JsonSerializer.Deserialize<SharedParts>(Bytes(Ours + SharedName), Strict)!;

    /// <summary>Those that come with the program.</summary>
    internal static IReadOnlyDictionary<string, Edition> OfProgram { get; } = ReadOurs();

    /// <summary>By their codes.</summary>
    internal IReadOnlyDictionary<string, Edition> InForce { get; private set; }

    /// <summary>Reads the city's files anew. One that is gone gives way to ours.</summary>
    internal IReadOnlyList<RefusedProtocol> Reload()
    {
        Dictionary<string, Edition> next = new(OfProgram, StringComparer.Ordinal);
        var refused = new List<RefusedProtocol>();
        foreach (string path in Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).ToArray() : [])
        {
            string code = Path.GetFileNameWithoutExtension(path);
            (Edition? edition, IReadOnlyList<Fault> faults) = ReadFile(path);
            faults = edition is null ? faults : [.. CheckAgainst(edition.Protocol, edition.Digest, code, next)];
            if (faults.Count == 0)
            {
                next[code] = edition!;
                continue;
            }

            refused.Add(new RefusedProtocol(Path.GetFileName(path), [.. faults.Select(static fault => fault.ToString())]));
            LogRefused(log, Path.GetFileName(path), string.Join("; ", faults));
            if (InForce.TryGetValue(code, out Edition? before))
            {
                next[code] = before;
            }
        }

        InForce = next;
        return refused;
    }

    /// <summary>Reads a protocol and checks it.</summary>
    /// <returns>The protocol, or what is wrong with it.</returns>
    internal static (Edition? Edition, IReadOnlyList<Fault> Faults) Read(ReadOnlySpan<byte> json)
    {
        Protocol own;
        try
        {
            own = JsonSerializer.Deserialize<Protocol>(json, Strict) ?? throw new JsonException("null");
        }
        catch (JsonException malformed)
        {
            return (null, [new Fault(malformed.Path, $"读不懂 / malformed: {malformed.Message}")]);
        }

        IReadOnlyList<Fault> faults = ProtocolChecks.Check(own, Shared);
        return faults.Count > 0 ? (null, faults) : (EditionOf(own.With(Shared)), []);
    }

    /// <summary>A protocol as it was kept when something was asked by it.</summary>
    internal static Protocol OfContent(string content) => JsonSerializer.Deserialize<Protocol>(content, Strict)!;

    private static Edition EditionOf(Protocol whole)
    {
        byte[] content = JsonSerializer.SerializeToUtf8Bytes(whole, Strict);
        return new Edition(whole, SHA256.HashData(content), System.Text.Encoding.UTF8.GetString(content));
    }

    private static (Edition? Edition, IReadOnlyList<Fault> Faults) ReadFile(string path)
    {
        try
        {
            return Read(File.ReadAllBytes(path));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return (null, [new Fault(null, $"读不了 / cannot be read: {unreadable.Message}")]);
        }
    }

    /// <summary>What may be wrong with a good file beside the others.</summary>
    private IEnumerable<Fault> CheckAgainst(Protocol protocol, byte[] digest, string code, Dictionary<string, Edition> others)
    {
        if (protocol.Code != code)
        {
            yield return new Fault("code", $"{protocol.Code}: 文件须名为 / the file must be named {protocol.Code}.json");
        }

        if (others.Values.FirstOrDefault(other => other.Protocol.Number == protocol.Number && other.Protocol.Code != protocol.Code) is { } same)
        {
            yield return new Fault("number", $"{protocol.Number}: 已属 {same.Protocol.Code} / belongs to {same.Protocol.Code}");
        }

        if (InForce.TryGetValue(code, out Edition? before) && protocol.Version <= before.Protocol.Version && !digest.AsSpan().SequenceEqual(before.Digest))
        {
            yield return new Fault(
                "version", $"{protocol.Version}: 现行为 {before.Protocol.Version},须更高 / {before.Protocol.Version} is in force: must be higher");
        }
    }

    private static Dictionary<string, Edition> ReadOurs() => typeof(Protocols).Assembly.GetManifestResourceNames()
        .Where(static name => name.StartsWith(Ours, StringComparison.Ordinal) && name != Ours + SharedName)
        .Select(static name => Read(Bytes(name)) is { Edition: { } good } ? good : throw new InvalidDataException($"{name}: {Read(Bytes(name)).Faults[0]}"))
        .OrderBy(static edition => edition.Protocol.Number)
        .ToDictionary(static edition => edition.Protocol.Code, StringComparer.Ordinal);

    private static byte[] Bytes(string resource)
    {
        using Stream stream = typeof(Protocols).Assembly.GetManifestResourceStream(resource)!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Protocol {File} is refused, what was in force before stays: {Faults}")]
    private static partial void LogRefused(ILogger logger, string file, string faults);
}
