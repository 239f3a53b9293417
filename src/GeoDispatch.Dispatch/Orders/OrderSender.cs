using Dapper;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Postgres;
using GeoDispatch.Tracking;
using GeoDispatch.Tracking.Devices;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoDispatch.Dispatch.Orders;

/// <summary>
/// Hands what waits in the outbox to the vehicles' terminals as soon as the log tells of it, and keeps their receipts; each ten seconds it looks
/// without being told, for a notice may be lost, and a message expires in silence. The row's id is the message's: handed over twice, after a crash
/// or by two servers, it is one message. A terminal gets a message twice only where its line was cut before its receipt came.
/// </summary>
internal sealed class OrderSender(Databases databases, VehicleTexts texts, PgListener listener, EventLog log, ILogger<OrderSender> logger)
    : RoundWorker(TimeSpan.FromSeconds(10), logger)
{
    /// <summary>An order that has not gone out by then is of no use on a screen; that nobody has read it has long been an alarm.</summary>
    private static readonly TimeSpan Keeps = TimeSpan.FromMinutes(30);

    private sealed record Waiting(
        Guid Id, string Kind, Guid VehicleId, string CallSign, string Number, int Priority, string Complaint, string Address, string? Detail, bool ReadBack);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        base.ExecuteAsync(stoppingToken), HearAsync(IncidentLog.Incidents.Name, stoppingToken), HearAsync(VehicleTexts.Changed, stoppingToken));

    private async Task HearAsync(string channel, CancellationToken stoppingToken)
    {
        try
        {
            await foreach (string _ in listener.Listen(channel, stoppingToken))
            {
                Wake();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server is stopping.
        }
    }

    /// <inheritdoc/>
    protected override async Task KeepAsync(CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        Waiting[] waiting;
        Guid[] open;
        await using (SqlMapper.GridReader answers = await connection.QueryMultipleAsync(new CommandDefinition(Sql, cancellationToken: cancellation)))
        {
            waiting = [.. await answers.ReadAsync<Waiting>()];
            open = [.. await answers.ReadAsync<Guid>()];
        }

        foreach (Waiting one in waiting)
        {
            bool kept = await texts.SendAsync(one.Id, one.VehicleId, Text(one), Keeps, "system", cancellation);
            await MarkAsync(
                connection, "kept_at = @Now, failed = @failed WHERE id = @Id", new { one.Id, log.Now, failed = kept ? null : "noTerminal" }, cancellation);
        }

        foreach (VehicleText text in open.Length == 0 ? [] : await texts.ListAsync(open, cancellation))
        {
            await MarkAsync(
                connection,
                """
                sent_at = @SentAt, receipt_at = @receipt, failed = @failed
                WHERE id = @Id AND (sent_at, receipt_at, failed) IS DISTINCT FROM (@SentAt::timestamptz, @receipt::timestamptz, @failed::text)
                """,
                new
                {
                    text.Id,
                    text.SentAt,
                    receipt = text.State == "received" ? text.DoneAt : null,
                    failed = text.State is "failed" or "expired" ? text.State : null,
                },
                cancellation);
        }
    }

    /// <summary>Writes how far it has come, and tells whoever shows the incident to read it again.</summary>
    private static Task<int> MarkAsync(NpgsqlConnection connection, string set, object values, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(
            $"WITH changed AS (UPDATE dispatch.order_delivery SET {set} RETURNING assignment_id) {OrderNotice.OfChanged}",
            values, cancellationToken: cancellation));

    /// <summary>What the crew needs to drive off. Who the patient is and who called stays with the pages that know who reads them.</summary>
    private static string Text(Waiting one) => one.Kind switch
    {
        "order" => $"{one.CallSign} 派单 {one.Number} P{one.Priority} {one.Complaint} {Place(one)}",
        "placeCorrected" => $"{one.CallSign} 地址更正 {one.Number} {Place(one)}",
        "diverted" => $"{one.CallSign} 改派,停止执行 {one.Number}",
        "relieved" => $"{one.CallSign} 已由他车接替,停止执行 {one.Number}",
        _ => $"{one.CallSign} 撤回,停止执行 {one.Number}",
    };

    private static string Place(Waiting one) => string.Join(' ', new[] { one.Address, one.Detail, one.ReadBack ? "已复述" : "未核实" }.Where(static part => part is not null));

    private const string Sql = """
        SELECT d.id, d.kind, vehicle_id AS VehicleId, a.call_sign AS CallSign, number, priority, complaint, address, detail, read_back AS ReadBack
        FROM dispatch.order_delivery d JOIN dispatch.assignment a ON a.id = assignment_id JOIN dispatch.incident i ON i.id = a.incident_id
        JOIN dispatch.unit ON unit.id = unit_id
        WHERE channel = 'terminal' AND kept_at IS NULL ORDER BY ordinal LIMIT 100;
        SELECT id FROM dispatch.order_delivery
        WHERE channel = 'terminal' AND kept_at IS NOT NULL AND receipt_at IS NULL AND failed IS NULL ORDER BY ordinal LIMIT 1000
        """;
}

/// <summary>How far an order has come, told like any change of its incident: whoever shows that reads it again.</summary>
internal static class OrderNotice
{
    /// <summary>To stand after a <c>WITH changed</c> that gives the column <c>assignment_id</c>.</summary>
    internal const string OfChanged = """
        SELECT pg_notify('incident', incident.id || ':' || version)
        FROM changed JOIN dispatch.assignment ON assignment.id = assignment_id JOIN dispatch.incident ON incident.id = incident_id
        """;
}
