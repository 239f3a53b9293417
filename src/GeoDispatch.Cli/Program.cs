using System.CommandLine;
using GeoDispatch.Cli;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Cli.LoadTest;
using GeoDispatch.Cli.Simulate;

var home = new Option<DirectoryInfo?>("--home")
{
    Description = "全部状态的文件夹 / the folder of all state (default: .geodispatch beside the product)",
    Recursive = true,
};
var root = new RootCommand("GeoDispatch: 统一地图与应急调度 / one map and emergency dispatch for a city")
{
    home,
    UpVerb.Create(home),
    MigrateVerb.Create(home),
    ImportVerb.Create(home),
    AccountsVerb.Create(home),
    KeysVerb.Create(home),
    LayersVerb.Create(home),
    DevicesVerb.Create(home),
    SimulateVerb.Create(home),
    LoadTestVerb.Create(home),
};

try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,
        // Ctrl-C stops the server and then its database, in this order. On a busy machine that takes longer than the two seconds after which
        // the process would be ended in the middle of it.
        ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
    });
}
catch (SetupException problem)
{
    await Console.Error.WriteLineAsync(problem.Message);
    return 1;
}
catch (OperationCanceledException)
{
    return 130;
}
