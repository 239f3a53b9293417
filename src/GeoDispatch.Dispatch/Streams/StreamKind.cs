using System.Text.Json;
using System.Text.Json.Serialization;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Dispatch.Streams;

/// <summary>
/// What tells one kind of stream from another: incidents, calls. The name gives the rest: table <c>dispatch.NAME</c>, the read model, one row
/// of which is locked; table <c>dispatch.NAME_event</c> with the column <c>NAME_id</c>; and the channel NAME, on which <c>id:version</c> is notified.
/// </summary>
/// <param name="Name">Of the tables and the channel: lower case, constant text.</param>
/// <param name="Rank">In which order streams of several kinds are locked, lowest first, so that two commands never wait for each other.</param>
/// <param name="None">The state before the first event.</param>
/// <param name="Apply">The state after one more event, given when that was written. Never refuses.</param>
/// <param name="Update">Adds to the batch what makes the read model that of the state: id, version, state, the new events.</param>
/// <param name="Unknown">The refusal of an id that no stream of this kind has.</param>
/// <param name="Stale">The refusal of a command that was given for another version: the header as given, the version now.</param>
internal sealed record StreamKind<TState, TEvent>(
    string Name, int Rank, TState None, Func<TState, TEvent, DateTimeOffset, TState> Apply,
    Action<NpgsqlBatch, Guid, int, TState, IReadOnlyList<TEvent>> Update, Problem Unknown, Func<string?, int, Problem> Stale)
    where TEvent : class
{
    internal string Lock { get; } = $"""
        SELECT id FROM dispatch.{Name} WHERE id = @id FOR UPDATE;
        SELECT version, type, data::text AS Data, recorded_at AS RecordedAt FROM dispatch.{Name}_event WHERE {Name}_id = @id ORDER BY version
        """;

    internal string Insert { get; } =
        $"INSERT INTO dispatch.{Name}_event ({Name}_id, version, type, data, recorded_at, recorded_by, account_id) VALUES ($1, $2, $3, $4::jsonb, $5, $6, $7)";
}

/// <summary>One stream as a command finds it: locked, its events read.</summary>
internal readonly record struct Found<TState>(Guid Id, int Version, TState State);

/// <summary>Events to append, perhaps none where nothing would change; or the reason why not.</summary>
internal readonly record struct Decision<TEvent>(IReadOnlyList<TEvent> Events, Problem? Refusal)
    where TEvent : class
{
    public static implicit operator Decision<TEvent>(TEvent happened) => new([happened], null);

    public static implicit operator Decision<TEvent>(Problem refusal) => new([], refusal);

    internal static readonly Decision<TEvent> Nothing = new([], null);
}

/// <summary>Events as a log keeps them: a stable name and JSON.</summary>
/// <typeparam name="TEvent">The base of one kind of stream's events.</typeparam>
internal static class EventFormat<TEvent>
    where TEvent : class
{
    private static readonly Dictionary<string, Type> Types = typeof(TEvent).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(TEvent)))
        .ToDictionary(Name, StringComparer.Ordinal);

    internal static (string Type, string Data) Write(TEvent happened) =>
        (Name(happened.GetType()), JsonSerializer.Serialize(happened, happened.GetType(), JsonSerializerOptions.Web));

    /// <exception cref="InvalidDataException">The log holds a kind of event that this version does not know.</exception>
    internal static TEvent Read(string type, string data) => Types.TryGetValue(type, out Type? known)
        ? (TEvent)JsonSerializer.Deserialize(data, known, JsonSerializerOptions.Web)!
        : throw new InvalidDataException($"The log holds an event of the unknown type {type}.");

    private static string Name(Type type) => JsonNamingPolicy.CamelCase.ConvertName(type.Name);
}

/// <summary>Writes an enumeration's members as JSON and columns name them: <c>enRoute</c>.</summary>
internal sealed class CamelCaseNames<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
