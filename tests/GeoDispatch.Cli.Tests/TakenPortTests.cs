using System.Net;
using System.Net.Sockets;
using GeoDispatch.Testing;

namespace GeoDispatch.Cli.Tests;

/// <summary><c>up</c> on a machine where somebody else has one of its ports.</summary>
public sealed class TakenPortTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private RunFolder folder = null!;

    public async ValueTask InitializeAsync() => folder = await RunFolder.TakeAsync();

    [Fact]
    public async Task A_port_that_is_taken_is_named_in_one_line_with_the_option_that_changes_it_and_nothing_is_left_running()
    {
        // One home for all of them: each start finds that the one before it left nothing behind.
        string home = folder.NewHome();
        foreach ((string option, SocketType type) in new[]
        {
            ("--jt808", SocketType.Stream), ("--nmea", SocketType.Stream), ("--nmea", SocketType.Dgram), ("--mqtt", SocketType.Stream), ("--urls", SocketType.Stream),
        })
        {
            using var holder = new Socket(AddressFamily.InterNetwork, type, type == SocketType.Dgram ? ProtocolType.Udp : ProtocolType.Tcp);
            holder.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            if (type == SocketType.Stream)
            {
                holder.Listen();
            }

            string taken = holder.LocalEndPoint!.ToString()!;
            await using ProductProcess product = ProductProcess.Start(
            [
                "up", "--home", home, "--city", "none",
                .. new[] { "--urls", "--jt808", "--nmea", "--mqtt" }.SelectMany(one => new[]
                {
                    one, one != option ? one == "--urls" ? "http://127.0.0.1:0" : "127.0.0.1:0" : one == "--urls" ? $"http://{taken}" : taken,
                }),
            ]);
            Assert.True(await product.EndAsync(Patience) == 1, $"{option} {taken}: {product}");
            string line = Assert.Single(product.Errors);
            Assert.Matches($"{taken}.* 已被其他程序占用.* / .*{option}", line);
            Assert.DoesNotContain(product.Lines, static said => said.Contains("   at ", StringComparison.Ordinal) || said.Contains("Exception", StringComparison.Ordinal));
            Assert.DoesNotContain("postmaster.pid", Directory.EnumerateFiles(home, "*", SearchOption.AllDirectories).Select(Path.GetFileName));
        }
    }

    public ValueTask DisposeAsync() => folder.DisposeAsync();
}
