using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Catalogue;
using Microsoft.Extensions.Hosting;

namespace GeoDispatch.Sharing.Access;

/// <summary>Has the catalogue read anew when another process, such as the command line, has changed what is said of layers or a rule.</summary>
internal sealed class LayerChanges(PgListener listener, LayerCatalogue catalogue) : BackgroundService
{
    internal const string Channel = "layers_changed";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (string _ in listener.Listen(Channel, stoppingToken))
            {
                catalogue.Forget();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server is stopping.
        }
    }
}
