using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Postgres;

namespace GeoDispatch.Dispatch.Tests.Incidents;

/// <summary>Incidents named by their state, made by commands alone, for the tests beside.</summary>
internal static class An_incident
{
    internal static readonly DateTimeOffset Start = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);
    internal static readonly Guid A01 = Guid.Parse("00000000-0000-0000-0000-0000000000a1");
    internal static readonly Guid First = Guid.Parse("00000000-0000-0000-0000-000000000001");
    internal static readonly Guid Hospital = Guid.Parse("00000000-0000-0000-0000-0000000000f1");

    /// <summary>The way of an ambulance that brings somebody to a hospital and drives home.</summary>
    internal static readonly AssignmentStatus[] Way =
    [
        AssignmentStatus.Acknowledged, AssignmentStatus.EnRoute, AssignmentStatus.OnScene, AssignmentStatus.AtPatient,
        AssignmentStatus.LeftScene, AssignmentStatus.AtDestination, AssignmentStatus.HandedOver, AssignmentStatus.Available,
        AssignmentStatus.BackAtStation,
    ];

    internal static readonly IncidentOpened Opening = new(
        "I3", "medical", 2, "胸痛", "13800000000", null, new IncidentPlace(118.5, 37.45, "黄河路100号", null, false), Start);

    internal static IncidentState Opened() => After(IncidentState.None, new IncidentCommand.Open(Opening));

    internal static IncidentState WithUnitSent() => After(Opened(), Send(First, A01, "A01"));

    /// <summary>With a unit that has come as far as <paramref name="status"/>.</summary>
    internal static IncidentState WithUnitAt(AssignmentStatus status) => status == AssignmentStatus.Notified
        ? WithUnitSent()
        : Way.TakeWhile(step => step <= status).Aggregate(WithUnitSent(), (state, step) => After(state, Step(step)));

    internal static IncidentState Closed() =>
        After(WithUnitAt(AssignmentStatus.Available), new IncidentCommand.Close("transported", null));

    internal static IncidentCommand.RecordMilestone Step(AssignmentStatus milestone, DateTimeOffset? at = null) => new(
        First, milestone, at, milestone == AssignmentStatus.LeftScene ? Hospital : null, milestone == AssignmentStatus.LeftScene ? "第一医院" : null,
        MilestoneSource.Crew);

    internal static IncidentCommand.Assign Send(Guid assignmentId, Guid unitId, string callSign, Problem? obstacle = null) =>
        new([new UnitToSend(assignmentId, unitId, callSign, 180, obstacle)]);

    internal static IncidentState After(IncidentState state, IncidentCommand command)
    {
        Decision<IncidentEvent> decision = IncidentDecider.Decide(state, command, Start);
        Assert.Null(decision.Refusal);
        return decision.Events.Aggregate(state, static (state, happened) => state.Apply(happened, Start));
    }
}

/// <summary>All of a state in words, lists and all: records with lists are not compared by what is in them.</summary>
internal static class StateText
{
    internal static string Describe(this IncidentState state)
    {
        IncidentState.Open known = state.Known;
        return string.Join('\n', new object?[] { state.GetType().Name, (state as IncidentState.Closed)?.ClosedAt, (state as IncidentState.Closed)?.Disposition, known.Version, known.Facts, known.Lines, known.OpenedAt }
            .Concat(known.Assignments.Select(work => $"{work with { Milestones = [] }} {string.Join(", ", work.Milestones)}"))
            .Concat(known.Agencies).Concat(known.Todos).Concat(known.Links).Concat(known.Attachments).Concat(known.Notes));
    }
}
