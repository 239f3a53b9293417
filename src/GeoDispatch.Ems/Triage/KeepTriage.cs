using System.Globalization;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.RunCards;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Ems.Triage;

/// <summary>
/// <c>/api/calls/{id}/triage</c>, and <c>/api/incidents/{id}/triage</c> for what was opened without a call: POST keeps answers and words, GET gives all
/// of them with what they come to. Health data: for dispatchers, and who read it is kept. An incident shows what its calls were asked, too.
/// </summary>
internal static class KeepTriage
{
    private const int MostAnswers = 20, MostWords = 200;

    internal sealed record AnswerRequest(string? Question, string? Answer);

    /// <param name="CommandId">Sent again, it changes nothing.</param>
    /// <param name="Protocol">Code of the protocol that the answers belong to; with answers alone.</param>
    /// <param name="Version">Of the protocol that the console has.</param>
    /// <param name="Answers">1 to 20, in the order in which they were given. One to a question that was answered before corrects it.</param>
    /// <param name="Words">What was typed of the caller's words, at most 200 characters.</param>
    internal sealed record Request(Guid? CommandId, string? Protocol, int? Version, IReadOnlyList<AnswerRequest?>? Answers, string? Words);

    internal static void Map(IEndpointRouteBuilder desk)
    {
        desk.MapGet("/calls/{id:guid}/triage", (Guid id, HttpContext http, Databases databases, AuditTrail audit, CancellationToken cancellation) =>
            ReadAsync(id, isCall: true, http, databases, audit, cancellation)).Produces<TriageView>().ProducesProblem(StatusCodes.Status404NotFound);
        desk.MapGet("/incidents/{id:guid}/triage", (Guid id, HttpContext http, Databases databases, AuditTrail audit, CancellationToken cancellation) =>
            ReadAsync(id, isCall: false, http, databases, audit, cancellation)).Produces<TriageView>().ProducesProblem(StatusCodes.Status404NotFound);
        Commands(desk.MapPost("/calls/{id:guid}/triage", (Guid id, Request request, HttpContext http, Keeper keeper, CancellationToken cancellation) =>
            keeper.AddAsync(id, isCall: true, request, http, cancellation)));
        Commands(desk.MapPost("/incidents/{id:guid}/triage", (Guid id, Request request, HttpContext http, Keeper keeper, CancellationToken cancellation) =>
            keeper.AddAsync(id, isCall: false, request, http, cancellation)));
    }

    private static void Commands(RouteHandlerBuilder route) => route.Produces<TriageView>().ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> ReadAsync(
        Guid id, bool isCall, HttpContext http, Databases databases, AuditTrail audit, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        (TriageSubject? subject, Problem? problem) = await FindAsync(connection, id, isCall, cancellation);
        return subject is null ? problem!.ToResult() : await AnswerAsync(connection, subject, http, audit, cancellation);
    }

    /// <summary>Where a command is carried out.</summary>
    internal sealed class Keeper(Protocols protocols, Databases databases, AuditTrail audit, RequireCapabilities require, TimeProvider clock)
    {
        internal async Task<IResult> AddAsync(Guid id, bool isCall, Request request, HttpContext http, CancellationToken cancellation)
        {
            if (Check(request) is { } bad)
            {
                return bad.ToResult();
            }

            if (Instruction.Read(http, request.CommandId, "triage", request) is not ({ } given, _))
            {
                throw new InvalidOperationException("A command without an id was not refused.");
            }

            await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
            (TriageSubject? subject, Problem? problem) = await FindAsync(connection, id, isCall, cancellation);
            if (subject is null)
            {
                return problem!.ToResult();
            }

            await TriageLog.LockAsync(connection, subject, cancellation);
            bool? isRepeat = await TriageLog.IsRepeatAsync(connection, subject, given.Id, given.AccountId, given.Content, cancellation);
            if (isRepeat is null)
            {
                Given[] answers = [.. (request.Answers ?? []).Select(static answer => new Given(answer!.Question!, answer.Answer!))];
                (Edition? edition, problem) = await FitAsync(connection, subject, request, answers, cancellation);
                if (problem is not null)
                {
                    return problem.ToResult();
                }

                string? words = string.IsNullOrWhiteSpace(request.Words) ? null : request.Words.Trim();
                await TriageLog.AddAsync(connection, subject, new NewEntry(
                    given.Id, edition, words, words is null ? null : KeyWords.Find(KeyWords.Table, words) is [{ } worst, ..] ? worst : null, clock.GetUtcNow(),
                    given.By, given.AccountId, given.Content, answers), cancellation);
                // Only now: an incident that was just opened from the call holds the entry up until it is there.
                subject = (await FindAsync(connection, id, isCall, cancellation)).Subject!;
                if (subject.Incident is { } incident && await FindRequirementAsync(connection, incident.Id, isCall: false, cancellation) is { } requirement)
                {
                    await require(connection, transaction, incident.Id, requirement, given, cancellation);
                }
            }
            else if (isRepeat is false)
            {
                return TriageProblems.CommandReused(given.Id).ToResult();
            }

            IResult answer = await AnswerAsync(connection, subject, http, audit, cancellation);
            await transaction.CommitAsync(cancellation);
            return answer;
        }

        /// <summary>The edition that the answers are of: that in force, or that by which this subject was asked before.</summary>
        private async Task<(Edition? Edition, Problem? Problem)> FitAsync(
            NpgsqlConnection connection, TriageSubject subject, Request request, Given[] answers, CancellationToken cancellation)
        {
            if (request.Protocol is not { } code)
            {
                return (null, null);
            }

            if (!protocols.InForce.TryGetValue(code, out Edition? inForce))
            {
                return (null, TriageProblems.ProtocolUnknown(code, protocols.InForce.Keys));
            }

            (IReadOnlyList<TriageEntry> entries, IReadOnlyDictionary<string, Protocol> used) = await TriageLog.ReadAsync(connection, subject, cancellation);
            Edition? edition = inForce.Protocol.Version == request.Version
                ? inForce
                : used.Where(one => one.Value.Code == code && one.Value.Version == request.Version)
                    .Select(static one => new Edition(one.Value, Convert.FromHexString(one.Key), "")).LastOrDefault();
            return edition is null
                ? (null, TriageProblems.ProtocolChanged(code, inForce.Protocol.Version, request.Version!.Value.ToString(CultureInfo.InvariantCulture)))
                : (edition, TriageDecider.Decide(
                    edition.Protocol, [.. TriageView.AnswersOf(entries, Convert.ToHexStringLower(edition.Digest))], answers));
        }
    }

    private static async Task<(TriageSubject? Subject, Problem? Problem)> FindAsync(
        NpgsqlConnection connection, Guid id, bool isCall, CancellationToken cancellation)
    {
        if (!isCall)
        {
            return await KnownIncidents.FindAsync(connection, id, cancellation) is { } incident
                ? (new TriageSubject(null, id, incident), null)
                : (null, TriageProblems.IncidentUnknown(id));
        }

        (bool isKnown, KnownIncident? joined) = await KnownIncidents.FindOfCallAsync(connection, id, cancellation);
        return isKnown ? (new TriageSubject(id, null, joined), null) : (null, TriageProblems.CallUnknown(id));
    }

    /// <summary>What triage asks of the response to a call, or to an incident with all of its calls.</summary>
    internal static async Task<Requirement?> FindRequirementAsync(NpgsqlConnection connection, Guid id, bool isCall, CancellationToken cancellation)
    {
        if (await FindAsync(connection, id, isCall, cancellation) is not ({ } subject, _))
        {
            return null;
        }

        (IReadOnlyList<TriageEntry> entries, IReadOnlyDictionary<string, Protocol> used) = await TriageLog.ReadAsync(connection, subject, cancellation);
        return TriageNeeds.Of(TriageView.Of(subject, entries, used));
    }

    private static async Task<IResult> AnswerAsync(
        NpgsqlConnection connection, TriageSubject subject, HttpContext http, AuditTrail audit, CancellationToken cancellation)
    {
        (IReadOnlyList<TriageEntry> entries, IReadOnlyDictionary<string, Protocol> used) = await TriageLog.ReadAsync(connection, subject, cancellation);
        await audit.RecordAsync(connection, http.User, "triage.read", subject.Id.ToString("D"), cancellation);
        return TypedResults.Ok(TriageView.Of(subject, entries, used));
    }

    private static Problem? Check(Request request) =>
        (request.CommandId is { } id && id != Guid.Empty
            ? null : TriageProblems.BadField("commandId", request.CommandId?.ToString(), "须为新的 UUID / must be a new UUID"))
        ?? (request.Words is null || (request.Words.Length <= MostWords && !request.Words.Any(char.IsControl))
            ? null : TriageProblems.BadField("words", request.Words, $"至多 {MostWords} 个字 / at most {MostWords} characters"))
        ?? (request.Protocol is null
            ? CheckWordsAlone(request)
            : request.Answers is not { Count: >= 1 and <= MostAnswers }
                ? TriageProblems.BadField("answers", $"{request.Answers?.Count}", $"1 至 {MostAnswers} 个 / 1 to {MostAnswers}")
                : request.Version is null
                    ? TriageProblems.BadField("version", null, "预案的版本 / the protocol's version")
                    : request.Answers.Select(CheckAnswer).FirstOrDefault(static wrong => wrong is not null));

    private static Problem? CheckWordsAlone(Request request) => request.Answers is { Count: > 0 }
        ? TriageProblems.BadField("protocol", null, "答案须属一个预案 / answers belong to a protocol")
        : string.IsNullOrWhiteSpace(request.Words)
            ? TriageProblems.BadField("answers", null, "须有答案或 words / answers or words")
            : null;

    private static Problem? CheckAnswer(AnswerRequest? answer, int index) => answer switch
    {
        null or { Question: null } => TriageProblems.BadField($"answers[{index}].question", null, "问题的代码 / code of a question"),
        { Answer: null } => TriageProblems.BadField($"answers[{index}].answer", null, "答案的代码 / code of an answer"),
        _ => null,
    };
}
