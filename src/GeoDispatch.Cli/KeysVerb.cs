using System.CommandLine;
using System.Globalization;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Cli;

/// <summary><c>keys</c>: the keys of departments' programs; works while the server runs and while it does not.</summary>
internal static class KeysVerb
{
    private static readonly TimeZoneInfo CityTime = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    internal static Command Create(Option<DirectoryInfo?> home)
    {
        var department = new Option<string>("--department") { Description = "部门代码 / code of the department", Required = true };
        var role = new Option<string>("--role") { Description = "department | dispatcher", DefaultValueFactory = _ => "department" };
        var name = new Option<string?>("--name") { Description = "名称 / name, as the log shows it (default: the department's)" };
        var days = new Option<int>("--days") { Description = "有效天数 / days that it is valid, 1 to 1825", DefaultValueFactory = _ => 365 };
        var perSecond = new Option<int?>("--per-second") { Description = "每秒配额 / quota a second, 1 to 10000 (default: the server's)" };
        var scope = new Option<string[]>("--scope")
        {
            Description = $"范围,可多项 / what it is for, one or more of {string.Join(" | ", Scopes.All)}",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var create = new Command("create", "签发密钥,仅显示一次 / issue a key and show it once") { department, role, name, days, scope, perSecond };
        create.SetAction((parsed, cancellation) => Administer.RunAsync(
            parsed.GetValue(home),
            async (services, stop) =>
            {
                (ApiKeyView? key, string? secret, Problem? problem) = await services.GetRequiredService<ApiKeyRegistry>().IssueAsync(
                    new ApiKeyWish(
                        parsed.GetValue(department), parsed.GetValue(role), parsed.GetValue(name), parsed.GetValue(days), parsed.GetValue(scope),
                        parsed.GetValue(perSecond)),
                    Actor.CommandLine, stop);
                if (problem is not null)
                {
                    return Administer.Refuse(problem);
                }

                Console.Error.WriteLine(
                    $"密钥 {key!.Id}(仅显示这一次,{Day(key.ExpiresAt)} 到期)/ Key {key.Id} (shown this once, valid until {Day(key.ExpiresAt)}):");
                Console.WriteLine(secret);
                return 0;
            },
            cancellation));

        var list = new Command("list", "列出密钥 / list the keys");
        list.SetAction((parsed, cancellation) => Administer.RunAsync(parsed.GetValue(home), ListAsync, cancellation));

        var id = new Argument<Guid>("id") { Description = "密钥编号 / id of the key" };
        var revoke = new Command("revoke", "吊销,一分钟内生效 / revoke; counts within a minute") { id };
        revoke.SetAction((parsed, cancellation) => Administer.RunAsync(
            parsed.GetValue(home),
            async (services, stop) =>
            {
                (ApiKeyView? key, Problem? problem) = await services.GetRequiredService<ApiKeyRegistry>().RevokeAsync(
                    parsed.GetValue(id), Actor.CommandLine, stop);
                if (problem is not null)
                {
                    return Administer.Refuse(problem);
                }

                Console.WriteLine($"{key!.Id}: 已吊销 / revoked");
                return 0;
            },
            cancellation));

        return new Command("keys", "部门程序的密钥 / keys of departments' programs") { create, list, revoke };
    }

    private static async Task<int> ListAsync(IServiceProvider services, CancellationToken cancellation)
    {
        // Apart from the rows, which a program may read.
        Console.Error.WriteLine(
            $"{"id",-36} {"state",-8} {"department",-12} {"role",-11} {"created",-10} {"expires",-10} {"last used",-10} {"scopes",-30} name");
        foreach (ApiKeyView key in await services.GetRequiredService<ApiKeyRegistry>().ListAsync(cancellation))
        {
            // The name last: Chinese is two columns wide and would push the others aside.
            Console.WriteLine(
                $"{key.Id} {key.State,-8} {key.Department,-12} {key.Role,-11} {Day(key.CreatedAt)} {Day(key.ExpiresAt)} "
                + $"{key.LastUsedOn ?? "-",-10} {string.Join(',', key.Scopes),-30} {key.Name}");
        }

        return 0;
    }

    private static string Day(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, CityTime).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
