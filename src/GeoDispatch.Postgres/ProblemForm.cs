using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace GeoDispatch.Postgres;

/// <summary>How a route's protocol writes refusals, where problem details are not its way.</summary>
internal sealed record ProblemForm(Func<HttpContext, Problem, IResult> Write);

/// <summary>Answers with a refusal before or after the route's own code: a quota, a body too large, a fault.</summary>
public static class ProblemForms
{
    /// <summary>Lets <paramref name="write"/> make the document of what is refused on these routes from outside of them.</summary>
    public static TBuilder RefusesAs<TBuilder>(this TBuilder routes, Func<HttpContext, Problem, IResult> write) where TBuilder : IEndpointConventionBuilder =>
        routes.WithMetadata(new ProblemForm(write));

    /// <summary>The refusal as the route's protocol has it, else as problem details.</summary>
    public static Task RefuseAsync(this HttpContext http, Problem problem)
    {
        // After an exception the route is found there alone.
        Endpoint? route = http.GetEndpoint() ?? http.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        IResult answer = route?.Metadata.GetMetadata<ProblemForm>()?.Write(http, problem) ?? problem.ToResult();
        return answer.ExecuteAsync(http);
    }
}
