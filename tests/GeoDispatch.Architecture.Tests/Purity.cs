using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Dependencies;

namespace GeoDispatch.Architecture.Tests;

/// <summary>Follows every call from a type through our own assemblies and names what reads a clock, draws a number or touches the world.</summary>
internal static class Purity
{
    private static readonly string[] ImpureNamespaces =
    [
        "Npgsql", "Dapper", "System.IO", "System.Net", "System.Data", "System.Diagnostics", "System.Threading", "System.Security.Cryptography",
        "Microsoft.AspNetCore", "Microsoft.Extensions", "Microsoft.EntityFrameworkCore", "Microsoft.Data",
    ];

    private static readonly string[] ImpureTypes = ["System.TimeProvider", "System.Random", "System.Environment", "System.Console"];

    private static readonly string[] ImpureMembers =
    [
        "System.DateTime::get_Now", "System.DateTime::get_UtcNow", "System.DateTime::get_Today", "System.DateTimeOffset::get_Now",
        "System.DateTimeOffset::get_UtcNow", "System.Guid::NewGuid", "System.Guid::CreateVersion7",
    ];

    /// <returns>One line for each impure use, with the way that leads to it; none for a pure type.</returns>
    internal static IReadOnlyList<string> Violations(IType type)
    {
        var found = new List<string>();
        var seen = new HashSet<IMember>();
        var waiting = new Queue<(IMember Member, string Way)>(Methods(type).Select(member => (member, member.FullName)));
        while (waiting.TryDequeue(out (IMember Member, string Way) next))
        {
            if (!seen.Add(next.Member))
            {
                continue;
            }

            foreach (IMemberTypeDependency use in next.Member.MemberDependencies)
            {
                if (IsImpure(use))
                {
                    found.Add($"{next.Way} → {(use as IMemberMemberDependency)?.TargetMember.FullName ?? use.Target.FullName}");
                }
                else if (use is MethodCallDependency { TargetMember: { } called } && called.DeclaringType.Assembly.Name.StartsWith("GeoDispatch.", StringComparison.Ordinal))
                {
                    waiting.Enqueue((called, $"{next.Way} → {called.FullName}"));
                }
            }
        }

        return found;
    }

    private static IEnumerable<IMember> Methods(IType type) => type.Members.Where(member => member is MethodMember or FieldMember or PropertyMember);

    private static bool IsImpure(IMemberTypeDependency use)
    {
        string name = use.Target.FullName;
        return ImpureTypes.Contains(name, StringComparer.Ordinal)
            || ImpureNamespaces.Any(space => name.StartsWith(space + ".", StringComparison.Ordinal))
            || (use is MethodCallDependency call
                && ImpureMembers.Any(member => $"{call.TargetMember.DeclaringType.FullName}::{call.TargetMember.Name}".StartsWith(member, StringComparison.Ordinal)));
    }
}
