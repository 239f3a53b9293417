using System.CommandLine;
using System.Text.Json;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Cli;

/// <summary><c>layers</c>: what is said of layers and who may read them; works while the server runs and while it does not.</summary>
internal static class LayersVerb
{
    // More than the largest area that a rule may have.
    private const int LargestFileBytes = 2_000_000;

    internal static Command Create(Option<DirectoryInfo?> home)
    {
        var list = new Command("list", "列出图层及其规则 / list the layers and their rules");
        list.SetAction((parsed, cancellation) => Administer.RunAsync(parsed.GetValue(home), ListAsync, cancellation));

        var rule = new Argument<Guid>("rule") { Description = "规则编号 / id of the rule" };
        Argument<string> ofRule = Layer();
        var remove = new Command("remove-rule", "删除规则,立即生效 / remove a rule; counts at once") { ofRule, rule };
        remove.SetAction((parsed, cancellation) => Administer.RunAsync(
            parsed.GetValue(home),
            async (services, stop) =>
            {
                Problem? problem = await services.GetRequiredService<LayerRegistry>().RemoveRuleAsync(
                    parsed.GetValue(ofRule)!, parsed.GetValue(rule), Actor.CommandLine, stop);
                return problem is null ? Say($"{parsed.GetValue(rule)}: 已删除 / removed") : Administer.Refuse(problem);
            },
            cancellation));

        return new Command("layers", "共享图层 / shared layers")
        {
            list,
            Set<LayerWish>("describe", "按文件登记名称、归属、共享类别等 / title, owner, sharing class and the like, from a file", home, static async (layers, id, wish, stop) =>
            {
                (LayerView? layer, Problem? problem) = await layers.DescribeAsync(id, wish, Actor.CommandLine, stop);
                return problem is null ? Say($"{layer!.Id} {layer.SharingClass} {layer.Owner}") : Administer.Refuse(problem);
            }),
            Set<RuleWish>("set-rule", "按文件设访问规则,立即生效 / a rule of access from a file; counts at once", home, static async (layers, id, wish, stop) =>
            {
                (RuleView? made, Problem? problem) = await layers.SetRuleAsync(id, wish, Actor.CommandLine, stop);
                return problem is null ? Say($"{made!.Id}") : Administer.Refuse(problem);
            }),
            remove,
        };
    }

    private static Argument<string> Layer() => new("layer") { Description = "图层 / id of the layer" };

    private static Command Set<TWish>(
        string verb, string description, Option<DirectoryInfo?> home, Func<LayerRegistry, string, TWish, CancellationToken, Task<int>> act) where TWish : class
    {
        Argument<string> layer = Layer();
        var file = new Argument<FileInfo>("file") { Description = "JSON,同 /api/admin/layers / as /api/admin/layers takes it" };
        var command = new Command(verb, description) { layer, file };
        command.SetAction(async (parsed, cancellation) =>
        {
            FileInfo from = parsed.GetValue(file)!;
            if (!from.Exists || from.Length > LargestFileBytes)
            {
                return Administer.Refuse($"没有此文件,或大于 2 MB / No such file, or larger than 2 MB: {from.FullName}");
            }

            TWish? wish;
            try
            {
                wish = JsonSerializer.Deserialize<TWish>(await File.ReadAllTextAsync(from.FullName, cancellation), JsonSerializerOptions.Web);
            }
            catch (JsonException malformed)
            {
                return Administer.Refuse($"JSON 无法读懂 / Malformed JSON: {from.FullName}: {malformed.Message}");
            }

            return wish is null
                ? Administer.Refuse($"JSON 无法读懂 / Malformed JSON: {from.FullName}")
                : await Administer.RunAsync(
                    parsed.GetValue(home),
                    (services, stop) => act(services.GetRequiredService<LayerRegistry>(), parsed.GetValue(layer)!, wish, stop), cancellation);
        });
        return command;
    }

    private static async Task<int> ListAsync(IServiceProvider services, CancellationToken cancellation)
    {
        foreach (LayerView layer in await services.GetRequiredService<LayerRegistry>().ListAsync(cancellation))
        {
            // The title last: Chinese is two columns wide and would push the others aside.
            Say($"{layer.Id,-20} {layer.SharingClass,-14} {layer.Owner,-12} {(layer.Volatile ? "volatile" : "-"),-9} {layer.Title}");
            if (layer.SearchColumn is { } column)
            {
                Say($"  search={column}");
            }

            foreach (RuleView rule in layer.Rules)
            {
                string[] limits =
                [
                    .. rule.Area is null ? Array.Empty<string>() : ["area"], .. rule.Rows is null ? Array.Empty<string>() : [$"rows={rule.Rows}"],
                    .. rule.Hidden.Count == 0 ? Array.Empty<string>() : [$"hidden={string.Join(',', rule.Hidden)}"],
                    .. rule.Masked.Count == 0 ? Array.Empty<string>() : [$"masked={string.Join(',', rule.Masked)}"],
                    .. rule.ValidFrom is null ? Array.Empty<string>() : [$"from={rule.ValidFrom:u}"], .. rule.ValidUntil is null ? Array.Empty<string>() : [$"until={rule.ValidUntil:u}"],
                ];
                Say($"  {rule.Id} {rule.Department ?? "*",-12} {rule.Role ?? "*",-11} {string.Join(' ', limits)}");
            }
        }

        return 0;
    }

    private static int Say(string line)
    {
        Console.WriteLine(line);
        return 0;
    }
}
