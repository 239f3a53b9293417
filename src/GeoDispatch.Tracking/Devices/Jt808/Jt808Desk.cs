using GeoDispatch.Postgres;
using GeoDispatch.Tracking.Fixes;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoDispatch.Tracking.Devices.Jt808;

/// <summary>
/// Answers messages of one connection in their order. A fix is answered after its commit; where it could not be stored there is no answer, and
/// the terminal sends it again.
/// </summary>
internal sealed partial class Jt808Desk(
    Jt808Settings settings, TerminalRegistry terminals, Jt808Sessions sessions, TerminalCommands commands, FixPipeline pipeline,
    ILogger<Jt808Desk> log)
    : IDisposable
{
    internal const string Protocol = "jt808";

    /// <summary>Of one connection: a terminal registers once and authenticates once.</summary>
    private const int MostAdmissions = 10;

    // Whoever is not known yet has the database for a few of them at a time: a crowd at the door takes nothing from those inside.
    private readonly SemaphoreSlim door = new(3);

    public void Dispose() => door.Dispose();

    /// <summary>False where the connection is to end.</summary>
    internal async Task<bool> AnswerAsync(Jt808Session session, IReadOnlyList<Jt808Whole> messages, string remote, CancellationToken cancellation)
    {
        var reports = new List<(Jt808Whole Whole, IReadOnlyList<Jt808Location> Locations)>();
        foreach (Jt808Whole whole in messages)
        {
            Jt808Header header = whole.Frame.Header;
            session.Is2019 = header.Is2019;
            Jt808Message? message = header.Encryption == 0 ? Jt808Decoder.Read(whole.Frame) : new Jt808Other(header.Id, whole.Frame.Body);
            if (message is Jt808Report or Jt808Batch && header.Phone == session.Phone)
            {
                reports.Add((whole, message is Jt808Report report ? [report.Location] : ((Jt808Batch)message).Locations));
                continue;
            }

            await StoreAsync(session, reports, cancellation);
            if (!await AnswerAsync(session, whole, message, remote, cancellation))
            {
                return false;
            }
        }

        if (session.Phone is { } phone && session.Parts.TakeWanted() is { } wanted)
        {
            await session.SendAsync(phone, [session.Prepare(wanted)], cancellation);
        }

        return await StoreAsync(session, reports, cancellation);
    }

    private async Task<bool> AnswerAsync(Jt808Session session, Jt808Whole whole, Jt808Message? message, string remote, CancellationToken cancellation)
    {
        Jt808Header header = whole.Frame.Header;
        try
        {
            switch (message)
            {
                case Jt808Register or Jt808Authenticate when ++session.Admissions > MostAdmissions:
                    return false;
                case Jt808Register register:
                    await RegisterAsync(session, header, register, remote, cancellation);
                    return true;
                case Jt808Authenticate authenticate:
                    await AuthenticateAsync(session, header, authenticate, remote, cancellation);
                    return true;
            }

            if (session.Phone != header.Phone)
            {
                await ReplyAsync(session, whole, Jt808Result.Failed, cancellation);
                return true;
            }

            switch (message)
            {
                case null:
                    await ReplyAsync(session, whole, Jt808Result.Wrong, cancellation);
                    return true;
                case Jt808Reply receipt:
                    await commands.ReceiptAsync(Protocol, header.Phone, receipt.ReplySerial, (int)receipt.Result, null, cancellation);
                    return true;
                case Jt808Parameters parameters:
                    await commands.ReceiptAsync(Protocol, header.Phone, parameters.ReplySerial, 0, Jt808Downward.Answer(parameters), cancellation);
                    await ReplyAsync(session, whole, Jt808Result.Done, cancellation);
                    return true;
                case Jt808Position position:
                    // The place is a fix like any other; the command has its answer besides.
                    await commands.ReceiptAsync(Protocol, header.Phone, position.ReplySerial, 0, Jt808Downward.Answer(position), cancellation);
                    return await StoreAsync(session, [(whole, [position.Location])], cancellation);
                case Jt808Bare { Id: Jt808Bare.Heartbeat }:
                    await ReplyAsync(session, whole, Jt808Result.Done, cancellation);
                    return true;
                case Jt808Bare { Id: Jt808Bare.Logout }:
                    await ReplyAsync(session, whole, Jt808Result.Done, cancellation);
                    return false;
                default:
                    await ReplyAsync(session, whole, Jt808Result.Unsupported, cancellation);
                    return true;
            }
        }
        catch (Exception away) when (IsAway(away))
        {
            return await PauseAsync(cancellation);
        }
    }

    private async Task RegisterAsync(
        Jt808Session session, Jt808Header header, Jt808Register register, string remote, CancellationToken cancellation)
    {
        string? code;
        bool isAnother = false;
        await door.WaitAsync(cancellation);
        try
        {
            await terminals.SeenAsync(
                new Sighting(Protocol, header.Phone, remote, register.Plate, register.Maker, register.Model, register.TerminalId),
                cancellation);
            code = await terminals.IssueKeyAsync(Protocol, header.Phone, register.TerminalId, cancellation);
            isAnother = code is null && await terminals.FindAsync(Protocol, header.Phone, cancellation) is { MayReport: true };
        }
        finally
        {
            door.Release();
        }

        if (isAnother)
        {
            // The approved one goes on with the code that it has: whoever registers under its number takes nothing from it.
            LogAnother(log, remote, header.Phone);
        }

        byte result = code is not null ? (byte)0 : isAnother ? Jt808RegisterReply.TerminalRegistered : Jt808RegisterReply.NoSuchTerminal;
        await session.SendAsync(header.Phone, [session.Prepare(new Jt808RegisterReply(header.Serial, result, code))], cancellation);
    }

    private async Task AuthenticateAsync(
        Jt808Session session, Jt808Header header, Jt808Authenticate authenticate, string remote, CancellationToken cancellation)
    {
        bool isIt;
        await door.WaitAsync(cancellation);
        try
        {
            await terminals.SeenAsync(new Sighting(Protocol, header.Phone, remote, Version: authenticate.Software ?? ""), cancellation);
            isIt = await terminals.FindAsync(Protocol, header.Phone, cancellation) is { MayReport: true } terminal && terminal.IsKey(authenticate.Code);
        }
        finally
        {
            door.Release();
        }

        if (isIt)
        {
            if (session.Phone is { } before && before != header.Phone)
            {
                sessions.Leave(before, session);
            }

            session.Phone = header.Phone;
            sessions.Enter(header.Phone, session);
        }

        await ReplyAsync(session, new Jt808Whole(new Jt808Frame(header, []), [header.Serial]), isIt ? Jt808Result.Done : Jt808Result.Failed, cancellation);
        if (isIt)
        {
            await commands.DeliverAsync(Protocol, header.Phone, cancellation);
        }
    }

    /// <summary>Stores what was gathered in one go, answers each message of it, and forgets it. False where the terminal may report no more.</summary>
    private async Task<bool> StoreAsync(
        Jt808Session session, List<(Jt808Whole Whole, IReadOnlyList<Jt808Location> Locations)> reports, CancellationToken cancellation)
    {
        if (reports.Count == 0)
        {
            return true;
        }

        try
        {
            if (await terminals.FindAsync(Protocol, session.Phone!, cancellation) is not { MayReport: true, Device: { } device })
            {
                return false;
            }

            AvlFix?[][] fixes = [.. reports.Select(static report => report.Locations.Select(Jt808Fixes.Of).ToArray())];
            if (await TakeAsync(device, [.. fixes.SelectMany(static of => of).OfType<AvlFix>()], cancellation) is not { } refused)
            {
                return await PauseAsync(cancellation);
            }

            var answers = new List<Jt808Outgoing>();
            int at = 0;
            for (int index = 0; index < reports.Count; index++)
            {
                int sent = fixes[index].Count(static fix => fix is not null);
                int wrong = Enumerable.Range(at, sent).Count(refused.Contains)
                    + reports[index].Locations.Count(static location => location.Time is null);
                at += sent;
                // Of a batch, what can be stored is; only where nothing could be is the whole of it called wrong.
                Jt808Result result = wrong > 0 && wrong == reports[index].Locations.Count ? Jt808Result.Wrong : Jt808Result.Done;
                answers.AddRange(reports[index].Whole.Serials.Select(serial =>
                    session.Prepare(new Jt808Reply(false, serial, reports[index].Whole.Frame.Header.Id, result))));
            }

            await session.SendAsync(session.Phone!, answers, cancellation);
            return true;
        }
        catch (Exception away) when (IsAway(away))
        {
            return await PauseAsync(cancellation);
        }
        finally
        {
            reports.Clear();
        }
    }

    /// <returns>The places of the refused among the fixes; null where the pipeline has no room.</returns>
    private async Task<HashSet<int>?> TakeAsync(DeviceIdentity device, AvlFix[] fixes, CancellationToken cancellation)
    {
        var refused = new HashSet<int>();
        for (int at = 0; at < fixes.Length; at += FixRules.MostFixes)
        {
            (FixReceipt? receipt, Problem? problem) = await pipeline.TakeAsync(
                device, fixes[at..Math.Min(at + FixRules.MostFixes, fixes.Length)], cancellation);
            if (problem is not null)
            {
                return null;
            }

            int from = at;
            refused.UnionWith(receipt!.Refused.Select(one => from + one.Index));
        }

        return refused;
    }

    private static Task ReplyAsync(Jt808Session session, Jt808Whole whole, Jt808Result result, CancellationToken cancellation) => session.SendAsync(
        whole.Frame.Header.Phone,
        [.. whole.Serials.Select(serial => session.Prepare(new Jt808Reply(false, serial, whole.Frame.Header.Id, result)))],
        cancellation);

    /// <summary>The database, or the pipeline that stops: not the terminal's fault, and not the connection's.</summary>
    private static bool IsAway(Exception failure) => failure is NpgsqlException or TimeoutException or IOException
        && failure is not Microsoft.AspNetCore.Connections.ConnectionResetException;

    private async Task<bool> PauseAsync(CancellationToken cancellation)
    {
        await Task.Delay(settings.Pause, cancellation);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Another terminal at {Remote} registers as {Phone} than was approved; it was refused. Where its hardware was replaced, refuse and approve the number again.")]
    private static partial void LogAnother(ILogger logger, string remote, string phone);
}
