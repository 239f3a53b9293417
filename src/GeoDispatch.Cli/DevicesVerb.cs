using System.CommandLine;
using GeoDispatch.City.Import;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Postgres;
using GeoDispatch.Tracking.Devices;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace GeoDispatch.Cli;

/// <summary><c>devices</c>: which terminals may report; works while the server runs, which heeds it within a minute, and while it does not.</summary>
internal static class DevicesVerb
{
    private const int PageSize = 500;

    internal static Command Create(Option<DirectoryInfo?> home)
    {
        var state = new Option<string?>("--state") { Description = "waiting | approved | refused" };
        state.AcceptOnlyFromAmong("waiting", "approved", "refused");
        var list = new Command("list", "列出终端 / list the terminals") { state };
        list.SetAction((parsed, cancellation) => Administer.RunAsync(
            parsed.GetValue(home), (services, stop) => ListAsync(services.GetRequiredService<Databases>(), parsed.GetValue(state), stop), cancellation));

        var terminal = new Argument<string>("terminal") { Description = "终端号 / its number" };
        var protocol = new Option<string>("--protocol") { Description = "jt808 | osmand | nmea | mqtt", DefaultValueFactory = _ => "jt808" };
        var vehicle = new Option<Guid?>("--vehicle") { Description = "已有车辆的编号 / id of a vehicle that is there" };
        var plate = new Option<string?>("--plate") { Description = "或车牌 / or its plate" };
        var kind = new Option<string?>("--kind") { Description = "车辆种类 / kind of vehicle, such as bus" };
        var department = new Option<string?>("--department") { Description = "部门代码 / code of the department" };
        var name = new Option<string?>("--name") { Description = "名称 / name (default: the plate)" };
        var approve = new Command("approve", "批准 / let a terminal report") { terminal, protocol, vehicle, plate, kind, department, name };
        approve.SetAction((parsed, cancellation) => Administer.RunAsync(
            parsed.GetValue(home),
            async (services, stop) => Say(
                parsed.GetValue(terminal)!,
                "已批准 / approved",
                await services.GetRequiredService<TerminalApproval>().ApproveAsync(
                    parsed.GetValue(protocol)!, parsed.GetValue(terminal)!,
                    new ApprovalWish(
                        parsed.GetValue(vehicle), parsed.GetValue(plate), parsed.GetValue(kind), parsed.GetValue(department), parsed.GetValue(name)),
                    Actor.CommandLine, stop)),
            cancellation));

        var refuse = new Command("refuse", "拒绝 / let a terminal report no more") { terminal, protocol };
        refuse.SetAction((parsed, cancellation) => Administer.RunAsync(
            parsed.GetValue(home),
            async (services, stop) => Say(
                parsed.GetValue(terminal)!,
                "已拒绝 / refused",
                await services.GetRequiredService<TerminalApproval>().RefuseAsync(
                    parsed.GetValue(protocol)!, parsed.GetValue(terminal)!, Actor.CommandLine, stop)),
            cancellation));

        var keyed = new Option<string>("--protocol") { Description = "osmand | nmea | mqtt", DefaultValueFactory = _ => "osmand" };
        var key = new Command("key", "发放密钥,旧密钥失效 / a fresh key for an approved terminal, shown once; the one before it ends") { terminal, keyed };
        key.SetAction((parsed, cancellation) => Administer.RunAsync(
            parsed.GetValue(home),
            async (services, stop) =>
            {
                (string? issued, Problem? problem) = await services.GetRequiredService<TerminalApproval>().IssueKeyAsync(
                    parsed.GetValue(keyed)!, parsed.GetValue(terminal)!, Actor.CommandLine, stop);
                return Say(parsed.GetValue(terminal)!, $"密钥(仅显示这一次)/ key (shown this once): {issued}", problem);
            },
            cancellation));

        var file = new Argument<FileInfo>("file") { Description = "CSV: terminal,protocol,plate,kind,department,name" };
        var import = new Command("import", "由表格批准,一行有错则全不改 / approve from a table; one bad line and nothing is changed") { file };
        import.SetAction((parsed, cancellation) => Administer.RunAsync(
            parsed.GetValue(home),
            (services, stop) => ImportAsync(services.GetRequiredService<TerminalApproval>(), parsed.GetValue(file)!, stop),
            cancellation));

        return new Command("devices", "车载终端 / terminals of vehicles") { list, approve, refuse, key, import };
    }

    private static async Task<int> ListAsync(Databases databases, string? state, CancellationToken cancellation)
    {
        Console.Error.WriteLine($"{"protocol",-8} {"terminal",-20} {"state",-8} {"kind",-12} {"department",-12} plate");
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        (string, string)? after = null;
        IReadOnlyList<TerminalView> page;
        do
        {
            page = await ManageTerminals.ReadAsync(connection, state, after, PageSize, cancellation);
            foreach (TerminalView one in page)
            {
                Console.WriteLine(
                    $"{one.Protocol,-8} {one.Terminal,-20} {one.State,-8} {one.Kind ?? "-",-12} {one.Department ?? "-",-12} {one.Plate ?? one.SaidPlate}");
                after = (one.Protocol, one.Terminal);
            }
        }
        while (page.Count == PageSize);
        return 0;
    }

    private static async Task<int> ImportAsync(TerminalApproval approval, FileInfo file, CancellationToken cancellation)
    {
        IReadOnlyList<CsvRow> rows;
        try
        {
            rows = CsvTable.Read(file.FullName, "terminal", "protocol", "plate", "kind", "department", "name");
        }
        catch (ImportRefusedException refused)
        {
            return Administer.Refuse(refused.Message);
        }

        (int changed, IReadOnlyList<(int Line, Problem Problem)> bad) = await approval.ImportAsync(
            [.. rows.Select(static row => new TerminalLine(
                row.Line, row["protocol"], row["terminal"], new ApprovalWish(null, row["plate"] ?? "", row["kind"], row["department"], row["name"])))],
            Actor.CommandLine, cancellation);
        foreach ((int line, Problem problem) in bad)
        {
            Console.Error.WriteLine($"第 {line} 行 / line {line}: {problem.Title} ({problem.Code}); {problem.Detail}; {problem.Field}: {problem.Value}");
        }

        if (bad.Count > 0)
        {
            return Administer.Refuse($"{bad.Count} 行有误,未作任何改动 / {bad.Count} bad lines, nothing was changed");
        }

        Console.WriteLine($"{rows.Count} 行,{changed} 行有改动 / {rows.Count} lines, {changed} changed something");
        return 0;
    }

    private static int Say(string terminal, string done, Problem? problem)
    {
        if (problem is not null)
        {
            return Administer.Refuse(problem);
        }

        Console.WriteLine($"{terminal}: {done}");
        return 0;
    }
}
