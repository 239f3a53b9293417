using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace GeoDispatch.Postgres;

/// <summary>
/// A refusal as a value: what failed, said in Chinese and English, with a stable code. It becomes RFC 9457 problem details
/// at the border. Exceptions are for bugs and broken IO.
/// </summary>
/// <param name="Status">HTTP status, 400 to 499.</param>
/// <param name="Code">Stable and dotted, such as <c>unit.busy</c>.</param>
/// <param name="Title">Short, the same for every refusal of this code: Chinese / English.</param>
/// <param name="Detail">This refusal: what was wrong and what would be right, Chinese / English.</param>
/// <param name="Field">The member of the request at fault, where there is one.</param>
/// <param name="Value">The value at fault, cut to 200 characters.</param>
public sealed record Problem(int Status, string Code, string Title, string Detail, string? Field = null, string? Value = null)
{
    /// <summary>The response body of RFC 9457 section 3, with the members <c>code</c>, <c>field</c> and <c>value</c> added.</summary>
    public ProblemDetails ToDetails()
    {
        var details = new ProblemDetails
        {
            Type = $"urn:geodispatch:problem:{Code}",
            Title = Title,
            Status = Status,
            Detail = Detail,
        };
        details.Extensions["code"] = Code;
        if (Field is not null)
        {
            details.Extensions["field"] = Field;
        }

        if (Value is not null)
        {
            details.Extensions["value"] = Value.Length > 200 ? Value[..200] : Value;
        }

        return details;
    }

    /// <summary>The refusal as an HTTP answer of type <c>application/problem+json</c>.</summary>
    public IResult ToResult() => TypedResults.Problem(ToDetails());
}
