using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.RunCards;
using GeoDispatch.Dispatch.Streams;
using static GeoDispatch.Dispatch.Tests.Incidents.An_incident;

namespace GeoDispatch.Dispatch.Tests.Incidents;

/// <summary>What becomes of every command in every state, written out: events, the code of the refusal, or <c>-</c> where nothing changes.</summary>
public sealed class EveryCommandTests
{
    private static readonly Guid Todo = Guid.Parse("00000000-0000-0000-0000-0000000000d1");
    private static readonly IncidentRef Other = new(Guid.Parse("00000000-0000-0000-0000-000000000099"), "I9");

    private static readonly Dictionary<string, Func<IncidentState>> Incidents = new()
    {
        ["never opened"] = () => IncidentState.None,
        ["waiting"] = Opened,
        ["running"] = () => WithUnitAt(AssignmentStatus.OnScene),
        ["done"] = () => WithUnitAt(AssignmentStatus.Available),
        ["closed"] = Closed,
    };

    private static readonly Dictionary<string, IncidentCommand> Commands = new()
    {
        ["open"] = new IncidentCommand.Open(Opening),
        ["assign"] = Send(Guid.NewGuid(), Guid.NewGuid(), "A02"),
        ["milestone"] = Step(AssignmentStatus.AtPatient),
        ["cancel"] = new IncidentCommand.CancelAssignment(First, "误报"),
        ["divert"] = new IncidentCommand.Divert(First, Other, "更近"),
        ["relieve"] = new IncidentCommand.Relieve(First, Send(Guid.NewGuid(), Guid.NewGuid(), "A02").Units[0], "爆胎"),
        ["note"] = new IncidentCommand.AddNote("家属来电"),
        ["priority"] = new IncidentCommand.ChangePriority(1),
        ["require"] = new IncidentCommand.RequireCapabilities(new Requirement("00-1A", "ems", 1, false, [new UnitNeed("als", 1)])),
        ["readBack"] = new IncidentCommand.ReadBack(),
        ["joinCall"] = new IncidentCommand.JoinCall(Guid.NewGuid(), "138****5521"),
        ["leaveCall"] = new IncidentCommand.LeaveCall(Guid.NewGuid()),
        ["close"] = new IncidentCommand.Close("other", null),
        ["reopen"] = new IncidentCommand.Reopen("误结案"),
        ["involve"] = new IncidentCommand.InvolveAgency("fire"),
        ["agencyStatus"] = new IncidentCommand.ChangeAgencyStatus("police", AgencyStatus.Accepted, null),
        ["todo"] = new IncidentCommand.AddTodo(Todo, "通知燃气公司", null),
        ["todoDone"] = new IncidentCommand.DoTodo(Todo),
        ["link"] = new IncidentCommand.Link(Other, "同一事故"),
        ["unlink"] = new IncidentCommand.Unlink(Other, "不是同一事故"),
        ["merge"] = new IncidentCommand.MergeInto(Other, "同一事故"),
        ["attach"] = new IncidentCommand.Attach(new AttachmentState(Guid.NewGuid(), "现场.jpg", "image/jpeg", 3, "00")),
        ["correctNote"] = new IncidentCommand.CorrectNote(1, "二楼", "听错"),
        ["correctMilestone"] = new IncidentCommand.CorrectMilestone(3, Start.AddSeconds(0), "记错"),
        ["correctPlace"] = new IncidentCommand.CorrectPlace(Opening.Place with { Address = "黄河路101号" }, "听错"),
        ["correctType"] = new IncidentCommand.CorrectType("fireBuilding", "是火灾"),
        ["correctComplaint"] = new IncidentCommand.CorrectComplaint("腹痛", "听错"),
        ["correctCaller"] = new IncidentCommand.CorrectCaller("13900000000", "王", "换人"),
    };

    private const string Table = """
        command           never opened      waiting                    running                        done                       closed
        open              incidentOpened    throws                     throws                         throws                     incident.closed
        assign            incident.unknown  unitAssigned               unitAssigned                   unitAssigned               incident.closed
        milestone         incident.unknown  assignment.unknown         milestoneRecorded              milestone.out_of_order     incident.closed
        cancel            incident.unknown  assignment.unknown         assignmentCancelled            assignment.ended           incident.closed
        divert            incident.unknown  assignment.unknown         assignmentCancelled            assignment.ended           incident.closed
        relieve           incident.unknown  assignment.unknown         assignmentCancelled+unitAssigned  assignment.ended        incident.closed
        note              incident.unknown  noteAdded                  noteAdded                      noteAdded                  noteAdded
        priority          incident.unknown  priorityChanged            priorityChanged                priorityChanged            incident.closed
        require           incident.unknown  capabilitiesRequired       capabilitiesRequired           capabilitiesRequired       incident.closed
        readBack          incident.unknown  addressReadBack            addressReadBack                addressReadBack            incident.closed
        joinCall          incident.unknown  callJoined                 callJoined                     callJoined                 callJoined
        leaveCall         incident.unknown  callLeft                   callLeft                       callLeft                   callLeft
        close             incident.unknown  incidentClosed             incident.units_active          incidentClosed             incident.closed
        reopen            incident.unknown  -                          -                              -                          incidentReopened
        involve           incident.unknown  agencyInvolved             agencyInvolved                 agencyInvolved             incident.closed
        agencyStatus      incident.unknown  agency.not_involved        agency.not_involved            agency.not_involved        incident.closed
        todo              incident.unknown  todoAdded                  todoAdded                      todoAdded                  incident.closed
        todoDone          incident.unknown  todo.unknown               todo.unknown                   todo.unknown               incident.closed
        link              incident.unknown  incidentLinked             incidentLinked                 incidentLinked             incidentLinked
        unlink            incident.unknown  -                          -                              -                          -
        merge             incident.unknown  incidentLinked+incidentClosed  incident.units_active      incidentLinked+incidentClosed  incident.closed
        attach            incident.unknown  attachmentAdded            attachmentAdded                attachmentAdded            attachmentAdded
        correctNote       incident.unknown  correction.no_such_line    correction.no_such_line        correction.no_such_line    correction.no_such_line
        correctMilestone  incident.unknown  correction.no_such_line    -                              -                          -
        correctPlace      incident.unknown  placeCorrected             placeCorrected                 placeCorrected             placeCorrected
        correctType       incident.unknown  typeCorrected              typeCorrected                  typeCorrected              typeCorrected
        correctComplaint  incident.unknown  complaintCorrected         complaintCorrected             complaintCorrected         complaintCorrected
        correctCaller     incident.unknown  callerCorrected            callerCorrected                callerCorrected            callerCorrected
        """;

    // What may be done with the one unit, by where it stands.
    private const string Assignments = """
        command        notified         acknowledged     enRoute          onScene          atPatient        leftScene       atDestination   handedOver         available       backAtStation    cancelled
        acknowledged   yes              out_of_order     out_of_order     out_of_order     out_of_order     out_of_order    out_of_order    out_of_order       out_of_order    out_of_order     out_of_order
        enRoute        yes              yes              out_of_order     out_of_order     out_of_order     out_of_order    out_of_order    out_of_order       out_of_order    out_of_order     out_of_order
        onScene        out_of_order     out_of_order     yes              out_of_order     out_of_order     out_of_order    out_of_order    out_of_order       out_of_order    out_of_order     out_of_order
        atPatient      out_of_order     out_of_order     out_of_order     yes              out_of_order     out_of_order    out_of_order    out_of_order       out_of_order    out_of_order     out_of_order
        leftScene      out_of_order     out_of_order     out_of_order     yes              yes              out_of_order    out_of_order    out_of_order       out_of_order    out_of_order     out_of_order
        atDestination  out_of_order     out_of_order     out_of_order     out_of_order     out_of_order     yes             out_of_order    out_of_order       out_of_order    out_of_order     out_of_order
        handedOver     out_of_order     out_of_order     out_of_order     out_of_order     out_of_order     out_of_order    yes             out_of_order       out_of_order    out_of_order     out_of_order
        available      out_of_order     out_of_order     out_of_order     yes              yes              out_of_order    out_of_order    yes                out_of_order    out_of_order     out_of_order
        backAtStation  out_of_order     out_of_order     out_of_order     out_of_order     out_of_order     out_of_order    out_of_order    out_of_order       yes             out_of_order     out_of_order
        cancel         recalled         recalled         emptyRun         emptyRun         emptyRun         with_patient    with_patient    with_patient       ended           ended            ended
        divert         diverted         diverted         diverted         diverted         diverted         with_patient    with_patient    madeAvailable      ended           ended            ended
        relieve        relieved         relieved         relieved         relieved         relieved         relieved        relieved        relieved           ended           ended            ended
        """;

    public static TheoryData<string, string, string> EveryPair() => Cells(Table);

    public static TheoryData<string, string, string> EveryAssignmentPair() => Cells(Assignments);

    [Theory]
    [MemberData(nameof(EveryPair))]
    public void Every_command_in_every_state_of_an_incident_is_decided_as_written(string command, string state, string becomes) =>
        Assert.Equal(becomes, Outcome(Incidents[state](), Commands[command]));

    [Fact]
    public void No_command_is_missing_from_the_table() => Assert.Equal(
        typeof(IncidentCommand).GetNestedTypes(System.Reflection.BindingFlags.NonPublic).Where(type => !type.IsAbstract).Select(type => type.Name).Order(),
        Commands.Values.Select(command => command.GetType().Name).Order());

    [Theory]
    [MemberData(nameof(EveryAssignmentPair))]
    public void Every_command_on_a_unit_at_every_step_is_decided_as_written(string command, string status, string becomes)
    {
        IncidentState state = status == "cancelled"
            ? After(WithUnitSent(), new IncidentCommand.CancelAssignment(First, "误报"))
            : WithUnitAt(Enum.Parse<AssignmentStatus>(status, ignoreCase: true));
        IncidentCommand asked = Commands.TryGetValue(command, out IncidentCommand? known) ? known : Step(Enum.Parse<AssignmentStatus>(command, ignoreCase: true));

        Decision<IncidentEvent> decision = IncidentDecider.Decide(state, asked, Start);

        Assert.Equal(becomes, decision switch
        {
            { Refusal.Code: var code } when decision.Refusal is not null => code.Split('.')[1],
            { Events: [AssignmentCancelled cancelled, ..] } => cancelled.Kind,
            { Events: [MilestoneRecorded { Milestone: AssignmentStatus.Available }] } when command == "divert" => "madeAvailable",
            { Events: [MilestoneRecorded recorded] } when recorded.Milestone.Text() == command => "yes",
            _ => "something else",
        });
    }

    private static string Outcome(IncidentState state, IncidentCommand command)
    {
        try
        {
            Decision<IncidentEvent> decision = IncidentDecider.Decide(state, command, Start);
            return decision.Refusal?.Code
                ?? (decision.Events.Count == 0 ? "-" : string.Join('+', decision.Events.Select(happened => EventFormat<IncidentEvent>.Write(happened).Type)));
        }
        catch (InvalidOperationException)
        {
            return "throws";
        }
    }

    /// <summary>The rows of a table: command, state, what becomes of it.</summary>
    private static TheoryData<string, string, string> Cells(string table)
    {
        string[][] rows = [.. table.Split('\n').Select(line => System.Text.RegularExpressions.Regex.Split(line.Trim(), @"\s{2,}", default, TimeSpan.FromSeconds(1)))];
        return new(
            from row in rows[1..]
            from column in Enumerable.Range(1, rows[0].Length - 1)
            select (row[0], rows[0][column], row[column]));
    }
}
