using System.CommandLine;
using GeoDispatch.Host;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Postgres;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Cli;

/// <summary><c>accounts</c>: who may sign in; works while the server runs and while it does not.</summary>
internal static class AccountsVerb
{
    internal static Command Create(Option<DirectoryInfo?> home)
    {
        var list = new Command("list", "列出账号 / list the accounts");
        list.SetAction((parsed, cancellation) => Administer.RunAsync(parsed.GetValue(home), ListAsync, cancellation));

        var display = new Option<string>("--display") { Description = "显示名 / as shown on the desk", Required = true };
        var role = new Option<string>("--role") { Description = "dispatcher | crew | department | hospital | administrator", Required = true };
        var department = new Option<string>("--department") { Description = "部门代码 / code of the department", Required = true };
        var unit = new Option<string?>("--unit") { Description = "车组的单元呼号 / call sign of a crew's unit" };
        var hospital = new Option<string?>("--hospital") { Description = "医院账号的医院名称 / name of the hospital whose people sign in with it" };
        Argument<string> newName = Name();
        var create = new Command("create", "新建账号,密码仅显示一次 / make an account and show its password once")
        {
            newName, display, role, department, unit, hospital,
        };
        create.SetAction((parsed, cancellation) => Administer.RunAsync(
            parsed.GetValue(home),
            async (services, stop) => Show(await services.GetRequiredService<AccountRegistry>().CreateAsync(
                new AccountWish(
                    parsed.GetValue(newName), parsed.GetValue(display), parsed.GetValue(role), parsed.GetValue(department), parsed.GetValue(unit),
                    parsed.GetValue(hospital)),
                Actor.CommandLine, stop)),
            cancellation));

        return new Command("accounts", "账号 / accounts")
        {
            list,
            create,
            Act("reset", "换新密码,仅显示一次 / give a new password and show it once", home, static (accounts, id, stop) => accounts.ResetAsync(id, Actor.CommandLine, stop)),
            Act("lock", "停用并立即登出 / lock, and sign out at once", home, static (accounts, id, stop) => accounts.LockAsync(id, Actor.CommandLine, stop)),
            Act("unlock", "恢复 / unlock", home, static (accounts, id, stop) => accounts.UnlockAsync(id, Actor.CommandLine, stop)),
        };
    }

    private static Argument<string> Name() => new("name") { Description = "用户名 / user name" };

    private static Command Act(
        string verb, string description, Option<DirectoryInfo?> home, Func<AccountRegistry, Guid, CancellationToken, Task<AccountOutcome>> act)
    {
        Argument<string> name = Name();
        var command = new Command(verb, description) { name };
        command.SetAction((parsed, cancellation) => Administer.RunAsync(
            parsed.GetValue(home),
            async (services, stop) =>
            {
                var accounts = services.GetRequiredService<AccountRegistry>();
                string userName = parsed.GetValue(name)!;
                return await accounts.FindIdAsync(userName) is { } id
                    ? Show(await act(accounts, id, stop))
                    : Administer.Refuse($"没有此账号 / Unknown account: {userName}");
            },
            cancellation));
        return command;
    }

    private static async Task<int> ListAsync(IServiceProvider services, CancellationToken cancellation)
    {
        foreach (AccountView account in await services.GetRequiredService<AccountRegistry>().ListAsync(cancellation))
        {
            // The display name last: Chinese is two columns wide and would push the others aside.
            Console.WriteLine(
                $"{account.UserName,-20} {account.Role,-14} {account.Department,-12} {(account.Locked ? "locked" : "active"),-8} {account.DisplayName}");
        }

        return 0;
    }

    private static int Show(AccountOutcome outcome)
    {
        if (outcome.Problem is { } problem)
        {
            return Administer.Refuse(problem);
        }

        AccountView account = outcome.Account!;
        if (outcome.Password is { } password)
        {
            Console.Error.WriteLine($"{account.UserName} 的密码(仅显示这一次)/ Password of {account.UserName} (shown this once):");
            Console.WriteLine(password);
            return 0;
        }

        Console.WriteLine($"{account.UserName}: {(account.Locked ? "已停用 / locked" : "可用 / active")}");
        return 0;
    }
}

/// <summary>What the verbs of administration share: the database, the modules without the running server, and the form of a refusal.</summary>
internal static class Administer
{
    internal static async Task<int> RunAsync(
        DirectoryInfo? home, Func<IServiceProvider, CancellationToken, Task<int>> act, CancellationToken cancellation)
    {
        ProductFolders folders = ProductFolders.Find();
        string folder = home?.FullName ?? folders.DefaultHome;
        await using ProductDatabase database = await ProductDatabase.VisitAsync(folder, Console.Error.WriteLine, cancellation);
        // Put together but never started: only its services are needed.
        await using WebApplication app = GeoDispatchServer.Build(new ServerSettings
        {
            ConnectionString = database.ConnectionString,
            Home = folder,
            TilesFolder = folders.Tiles,
        });
        await using AsyncServiceScope scope = app.Services.CreateAsyncScope();
        return await act(scope.ServiceProvider, cancellation);
    }

    internal static int Refuse(Problem problem) => Refuse(
        $"{problem.Title} ({problem.Code})\n{problem.Detail}{(problem.Value is null ? "" : $"\n{problem.Field}: {problem.Value}")}");

    internal static int Refuse(string message)
    {
        Console.Error.WriteLine(message);
        return 1;
    }
}
