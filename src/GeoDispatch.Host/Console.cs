using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace GeoDispatch.Host;

/// <summary>Serves the built web console at <c>/</c>, <c>/crew</c>, <c>/admin</c> and the other screens, with the headers that keep it safe in a browser.</summary>
internal static class Console
{
    // MapLibre starts its worker from a blob, and styles come from the component library at run time.
    private const string ContentPolicy =
        "default-src 'self'; script-src 'self'; worker-src 'self' blob:; img-src 'self' data: blob:; "
        + "style-src 'self' 'unsafe-inline'; font-src 'self' data:; connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'none'";

    private static readonly StringValues NoSniffing = "nosniff", NoReferrer = "no-referrer", Policy = ContentPolicy;

    // One page serves every screen: which one is shown follows from the path and from who is signed in.
    private static readonly string[] Screens = ["/", "/crew", "/admin", "/fleet", "/eta", "/figures", "/closures", "/board", "/station", "/hospital"];

    internal static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        IHeaderDictionary headers = http.Response.Headers;
        headers.XContentTypeOptions = NoSniffing;
        headers["Referrer-Policy"] = NoReferrer;
        headers.ContentSecurityPolicy = Policy;
        return next(http);
    });

    internal static void UseConsole(this WebApplication app)
    {
        if (!IsThere(app))
        {
            return;
        }

        app.UseStaticFiles(new StaticFileOptions
        {
            OnPrepareResponse = file => file.Context.Response.Headers[HeaderNames.CacheControl] =
                // Vite names each asset after its content; all else must be asked for again.
                file.Context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal)
                    ? "public, max-age=31536000, immutable"
                    : "no-cache",
        });
    }

    internal static void MapConsole(this WebApplication app)
    {
        if (IsThere(app))
        {
            var fresh = new StaticFileOptions
            {
                OnPrepareResponse = file => file.Context.Response.Headers[HeaderNames.CacheControl] = "no-cache",
            };
            foreach (string screen in Screens)
            {
                app.MapFallbackToFile(screen, "index.html", fresh);
            }
        }
    }

    private static bool IsThere(WebApplication app) => app.Environment.WebRootFileProvider.GetFileInfo("index.html").Exists;
}
