using FsCheck.Fluent;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Streams;
using static GeoDispatch.Dispatch.Incidents.AssignmentStatus;
using static GeoDispatch.Dispatch.Tests.Incidents.An_incident;

namespace GeoDispatch.Dispatch.Tests.Incidents;

/// <summary>The milestones of one run in every order, with every skip, at right and wrong times, corrected again and again.</summary>
public sealed class MilestoneTests
{
    /// <summary>What may be pressed next, in words: the rule as crews are taught it, apart from how the code has it.</summary>
    private static readonly Dictionary<string, string> Next = new(StringComparer.Ordinal)
    {
        ["notified"] = "acknowledged enRoute",
        ["acknowledged"] = "enRoute",
        ["enRoute"] = "onScene",
        ["onScene"] = "atPatient leftScene available",
        ["atPatient"] = "leftScene available",
        ["leftScene"] = "atDestination",
        ["atDestination"] = "handedOver",
        ["handedOver"] = "available",
        ["available"] = "backAtStation",
        ["backAtStation"] = "",
    };

    /// <param name="Seconds">From now, when it is said to have happened; null where nobody said.</param>
    /// <param name="Line">Which of the milestones is corrected; null where one is pressed.</param>
    /// <param name="Fits">Presses one that may come next, whichever of them; null presses <paramref name="Milestone"/>.</param>
    private sealed record Action(AssignmentStatus Milestone, int? Seconds, bool NamesHospital, int? Line, int? Fits);

    [Fact]
    public void Whatever_is_pressed_and_corrected_each_milestone_has_one_time_in_order_and_what_was_recorded_stays() =>
        FsCheck.Check.One(
            FsCheck.Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(60),
            Prop.ForAll(Gen.ListOf(Actions()).ToArbitrary(), static actions =>
            {
                IncidentState state = WithUnitSent();
                var log = new List<IncidentEvent>();
                var told = new List<(string Milestone, DateTimeOffset At, int Version)>();
                DateTimeOffset now = Start;
                foreach (Action drawn in actions)
                {
                    Action action = drawn.Fits is { } way ? drawn with { Milestone = Fitting(told, way) ?? drawn.Milestone } : drawn;
                    now = now.AddSeconds(25);
                    DateTimeOffset? at = action.Seconds is { } seconds ? now.AddSeconds(seconds) : null;
                    Decision<IncidentEvent> decision = IncidentDecider.Decide(state, Command(action, at, now, told), now);

                    IncidentEvent? happened = decision.Events.SingleOrDefault();
                    Assert.Equal(Rule(action, at, now, told), (decision.Refusal is not null, happened));
                    if (happened is not null)
                    {
                        log.Add(happened);
                        state = state.Apply(happened, now);
                        Tell(told, action, happened, state.Known.Version);
                    }

                    AssignmentState work = state.Known.FindAssignment(First)!;
                    Assert.Equal(told, work.Milestones.Select(static step => (step.Milestone.Text(), step.At, step.Version)));
                    Assert.Equal(told.Select(static step => step.At).Order(), told.Select(static step => step.At));
                    Assert.Equal(told.Count, told.Select(static step => step.Milestone).Distinct().Count());
                }

                // What was recorded first still stands in the log with its own time, whatever was said of it later.
                Assert.Equal(
                    told.Select(static step => step.Milestone), log.OfType<MilestoneRecorded>().Select(static step => step.Milestone.Text()));
                Assert.Equal(
                    log.Aggregate(WithUnitSent(), static (before, happened) => before.Apply(happened, Start)).Known.FindAssignment(First)!.Milestones,
                    state.Known.FindAssignment(First)!.Milestones);
            }));

    private static AssignmentStatus? Fitting(List<(string Milestone, DateTimeOffset At, int Version)> told, int way)
    {
        string[] may = Next[told.Count == 0 ? "notified" : told[^1].Milestone].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return may.Length == 0 ? null : Enum.Parse<AssignmentStatus>(may[way % may.Length], ignoreCase: true);
    }

    private static IncidentCommand Command(Action action, DateTimeOffset? at, DateTimeOffset now, List<(string Milestone, DateTimeOffset At, int Version)> told) =>
        action.Line is { } line
            ? new IncidentCommand.CorrectMilestone(told.Count == 0 ? 99 : told[line % told.Count].Version, at ?? now, "记错")
            : new IncidentCommand.RecordMilestone(First, action.Milestone, at, action.NamesHospital ? Hospital : null, action.NamesHospital ? "第一医院" : null, MilestoneSource.Crew);

    /// <summary>Whether it is refused, and else what happens; nothing where a time is corrected to itself.</summary>
    private static (bool IsRefused, IncidentEvent? Happened) Rule(
        Action action, DateTimeOffset? at, DateTimeOffset now, List<(string Milestone, DateTimeOffset At, int Version)> told)
    {
        DateTimeOffset latest = now.AddSeconds(30);
        if (action.Line is { } asked)
        {
            if (told.Count == 0)
            {
                return (true, null);
            }

            int line = asked % told.Count;
            (string milestone, DateTimeOffset was, int version) = told[line];
            DateTimeOffset time = at ?? now, from = line == 0 ? Start : told[line - 1].At, until = line + 1 < told.Count ? told[line + 1].At : latest;
            return time == was ? (false, null)
                : time < from || time > until ? (true, null)
                : (false, new MilestoneCorrected(version, "记错", First, A01, "A01", Enum.Parse<AssignmentStatus>(milestone, ignoreCase: true), time));
        }

        (string before, DateTimeOffset since) = told.Count == 0 ? ("notified", Start) : (told[^1].Milestone, told[^1].At);
        DateTimeOffset pressed = at ?? (now > since ? now : since);
        bool isRefused = !Next[before].Split(' ').Contains(action.Milestone.Text()) || (action.Milestone == LeftScene && !action.NamesHospital) || pressed > latest || pressed < since;
        return isRefused ? (true, null) : (false, new MilestoneRecorded(
            First, A01, "A01", action.Milestone, pressed, action.NamesHospital ? Hospital : null, action.NamesHospital ? "第一医院" : null, MilestoneSource.Crew));
    }

    private static void Tell(List<(string Milestone, DateTimeOffset At, int Version)> told, Action action, IncidentEvent happened, int version)
    {
        if (happened is MilestoneRecorded recorded)
        {
            told.Add((recorded.Milestone.Text(), recorded.At, version));
        }
        else if (happened is MilestoneCorrected corrected)
        {
            told[action.Line!.Value % told.Count] = (corrected.Milestone.Text(), corrected.MilestoneAt, version);
        }
    }

    /// <summary>Often what may come next, for whoever presses at random hardly ever comes to the hospital.</summary>
    private static FsCheck.Gen<Action> Actions() =>
        from milestone in Gen.Elements(Way)
        from when in Gen.Frequency((3, Gen.Constant((int?)null)), (3, Gen.Choose(-40, 35).Select(static seconds => (int?)seconds)))
        from names in Gen.Frequency((4, Gen.Constant(true)), (1, Gen.Constant(false)))
        from line in Gen.Frequency((3, Gen.Constant((int?)null)), (1, Gen.Choose(0, 8).Select(static index => (int?)index)))
        from fits in Gen.Frequency((1, Gen.Constant((int?)null)), (1, Gen.Choose(0, 2).Select(static way => (int?)way)))
        select new Action(milestone, when, names, line, fits);
}
