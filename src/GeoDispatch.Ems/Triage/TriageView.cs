namespace GeoDispatch.Ems.Triage;

/// <summary>All that was asked and said of a call or an incident, and what it comes to.</summary>
/// <param name="Asked">Every answer in the order in which it was given, also those that were corrected.</param>
/// <param name="Heard">What was typed of the caller's words.</param>
/// <param name="Protocols">Those that were used, the first first, each with what it reached.</param>
/// <param name="Level">The most urgent that answers and words come to; null while nothing does.</param>
/// <param name="Raise">Where the incident's priority is lower than that level asks for; offered, never done.</param>
internal sealed record TriageView(
    Guid? CallId, Guid? IncidentId, IReadOnlyList<AskedView> Asked, IReadOnlyList<HeardView> Heard, IReadOnlyList<ReachedView> Protocols, string? Level,
    RaiseView? Raise)
{
    /// <summary>Pure: from rows to what is shown.</summary>
    internal static TriageView Of(TriageSubject subject, IReadOnlyList<TriageEntry> entries, IReadOnlyDictionary<string, Protocol> protocols)
    {
        ReachedView[] reached = [.. entries.Select(static entry => entry.Edition).OfType<string>().Distinct().Select(edition => ReachedView.Of(
            protocols[edition], TriageDecider.Walk(protocols[edition], AnswersOf(entries, edition))))];
        HeardView[] heard = [.. entries.Where(static entry => entry.Words is not null)
            .Select(static entry => new HeardView(entry.Id, entry.Words!, entry.Word, entry.WordLevel, entry.At, entry.By))];
        string? level = reached.Select(static one => one.Determinant?.Level).Concat(heard.Select(static one => one.Level))
            .OfType<string>().OrderBy(TriageCodes.RankOf).FirstOrDefault();
        RaiseView? raise = level is not null && subject.Incident is { } incident && TriageCodes.PriorityOf(level) < incident.Priority
            ? new RaiseView(incident.Id, incident.Number, incident.Priority, TriageCodes.PriorityOf(level))
            : null;
        return new TriageView(subject.CallId, subject.IncidentId, Ask(entries, protocols), heard, reached, level, raise);
    }

    /// <summary>What was answered by one edition of a protocol, in order.</summary>
    internal static IEnumerable<Given> AnswersOf(IReadOnlyList<TriageEntry> entries, string edition) =>
        entries.Where(entry => entry.Edition == edition).SelectMany(static entry => entry.Answers);

    private static AskedView[] Ask(IReadOnlyList<TriageEntry> entries, IReadOnlyDictionary<string, Protocol> protocols)
    {
        var asked = new List<AskedView>();
        var counted = new HashSet<(string Edition, string Question)>();
        // From the last to the first: of each question the last answer counts, where it lies on the path.
        foreach (TriageEntry entry in entries.Reverse())
        {
            foreach (Given given in entry.Answers.Reverse())
            {
                Protocol protocol = protocols[entry.Edition!];
                Question question = protocol.Questions[given.Question];
                bool isLast = counted.Add((entry.Edition!, given.Question));
                bool isOnPath = isLast && TriageDecider.Walk(protocol, AnswersOf(entries, entry.Edition!)).Path.Contains(given);
                Answer answer = question.Answers.Single(answer => answer.Code == given.Answer);
                asked.Add(new AskedView(
                    entry.Id, protocol.Code, protocol.Version, given.Question, question.Ask, given.Answer, new Bilingual(answer.Zh, answer.En), entry.At,
                    entry.By, isOnPath));
            }
        }

        asked.Reverse();
        return [.. asked];
    }
}

/// <param name="Entry">The id of the command that brought it.</param>
/// <param name="Counts">It lies on the path; false for what was corrected, or asked on a path that was left.</param>
internal sealed record AskedView(
    Guid Entry, string Protocol, int Version, string Question, Bilingual Ask, string Answer, Bilingual Answered, DateTimeOffset At, string By, bool Counts);

/// <param name="Word">The key word that was found in it then; null where none was.</param>
internal sealed record HeardView(Guid Entry, string Words, string? Word, string? Level, DateTimeOffset At, string By);

/// <param name="ApprovedBy">Null: the medical director has not approved it yet.</param>
/// <param name="Next">The question to ask now; null once a determinant is reached.</param>
/// <param name="Read">What to read to the caller, once a determinant is reached.</param>
internal sealed record ReachedView(
    string Protocol, int Version, Bilingual Name, string? ApprovedBy, string? Next, DeterminantView? Determinant, Instructions? Read)
{
    internal static ReachedView Of(Protocol protocol, TriageState state)
    {
        Determinant? end = state.Determinant is { } code ? protocol.Determinants[code] : null;
        return new ReachedView(
            protocol.Code, protocol.Version, protocol.Name, protocol.ApprovedBy, state.Next,
            end is null ? null : new DeterminantView(state.Determinant!, end.Zh, end.En, end.Level, end.Crew, end.Equipment, end.SecondUnit, end.Hospital),
            end is null ? null : protocol.Instructions[end.Instructions]);
    }
}

/// <summary>A determinant with its code; see <see cref="Determinant"/>.</summary>
internal sealed record DeterminantView(
    string Code, string Zh, string En, string Level, string Crew, IReadOnlyList<string> Equipment, bool SecondUnit, string? Hospital);

/// <param name="From">The incident's priority now.</param>
/// <param name="To">What the level asks for.</param>
internal sealed record RaiseView(Guid IncidentId, string IncidentNumber, int From, int To);
