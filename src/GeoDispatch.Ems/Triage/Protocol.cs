namespace GeoDispatch.Ems.Triage;

/// <summary>Words for people, in both languages of the product.</summary>
internal sealed record Bilingual(string Zh, string En);

/// <summary>
/// What to ask a caller about one complaint, and what follows. Each answer leads to another question or ends with a determinant, so that the
/// questions are a graph without loops, of which <see cref="Begin"/> is the one beginning. Written by us, no licensed system is in it.
/// </summary>
/// <param name="Code">Stable, the name of its file.</param>
/// <param name="Number">1 to 99, the first two digits of its determinants.</param>
/// <param name="Version">Rises with each change; what was asked is kept with it.</param>
/// <param name="ApprovedBy">The medical director who approved this version; null while nobody has.</param>
/// <param name="Words">What callers say when they mean it.</param>
/// <param name="Principles">What it is built on.</param>
/// <param name="Begin">Code of the first question.</param>
internal sealed record Protocol(
    string Code, int Number, int Version, string? ApprovedBy, Bilingual Name, IReadOnlyList<string> Words, string Principles, string Begin,
    IReadOnlyDictionary<string, Question> Questions, IReadOnlyDictionary<string, Determinant> Determinants,
    IReadOnlyDictionary<string, Instructions> Instructions)
{
    /// <summary>With what it takes from the parts that all protocols share; its own win. What no answer leads to is left out.</summary>
    internal Protocol With(SharedParts shared)
    {
        Protocol whole = this with
        {
            Questions = Join(shared.Questions, Questions),
            Determinants = Join(shared.Determinants, Determinants),
            Instructions = Join(shared.Instructions, Instructions),
        };
        HashSet<string> asked = whole.Reached();
        Answer[] answers = [.. whole.Questions.Where(question => asked.Contains(question.Key)).SelectMany(static question => question.Value.Answers)];
        HashSet<string> ends = [.. answers.Select(static answer => answer.End).OfType<string>()];
        HashSet<string> read = [.. whole.Determinants.Where(one => ends.Contains(one.Key)).Select(static one => one.Value.Instructions)];
        return whole with
        {
            Questions = Only(whole.Questions, asked),
            Determinants = Only(whole.Determinants, ends),
            Instructions = Only(whole.Instructions, read),
        };
    }

    /// <summary>Codes of the questions that some path comes to.</summary>
    private HashSet<string> Reached()
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<string>([Begin]);
        while (waiting.TryDequeue(out string? code))
        {
            if (Questions.TryGetValue(code, out Question? question) && reached.Add(code))
            {
                foreach (string next in question.Answers.Select(static answer => answer.Next).OfType<string>())
                {
                    waiting.Enqueue(next);
                }
            }
        }

        return reached;
    }

    private static Dictionary<string, T> Join<T>(IReadOnlyDictionary<string, T> shared, IReadOnlyDictionary<string, T> own) =>
        shared.Where(part => !own.ContainsKey(part.Key)).Concat(own).ToDictionary(StringComparer.Ordinal);

    private static Dictionary<string, T> Only<T>(IReadOnlyDictionary<string, T> all, HashSet<string> codes) =>
        all.Where(part => codes.Contains(part.Key)).ToDictionary(StringComparer.Ordinal);
}

/// <summary>The questions on consciousness and breathing with which all protocols but transfers begin, and what these lead to.</summary>
internal sealed record SharedParts(
    IReadOnlyDictionary<string, Question> Questions, IReadOnlyDictionary<string, Determinant> Determinants,
    IReadOnlyDictionary<string, Instructions> Instructions);

/// <param name="Ask">As the call taker says it aloud.</param>
/// <param name="Short">In Chinese, for lists.</param>
/// <param name="Answers">2 to 9: each has a digit.</param>
internal sealed record Question(Bilingual Ask, string Short, IReadOnlyList<Answer> Answers);

/// <param name="Next">The question that it leads to; or else</param>
/// <param name="End">the determinant that it ends with.</param>
internal sealed record Answer(string Code, string Zh, string En, string? Next = null, string? End = null);

/// <summary>What the answers come to. Its code says protocol, level and a letter: <c>02-1A</c>.</summary>
/// <param name="Level">Code of a level: 1 to 4, or T for a transfer.</param>
/// <param name="Crew">What the crew has to master: <c>als</c> or <c>bls</c>.</param>
/// <param name="Equipment">Codes of <see cref="TriageCodes.Equipment"/>.</param>
/// <param name="SecondUnit">A second unit goes with the first.</param>
/// <param name="Hospital">What the hospital has to be able to do, a capability of hospitals; null where any will do.</param>
/// <param name="Instructions">Code of what is read to the caller.</param>
internal sealed record Determinant(
    string Zh, string En, string Level, string Crew, IReadOnlyList<string> Equipment, bool SecondUnit, string? Hospital, string Instructions);

/// <param name="Steps">In the order in which they are read to the caller.</param>
/// <param name="Source">Where the facts are published; the sentences are ours.</param>
/// <param name="Cpr">With it a metronome beats.</param>
internal sealed record Instructions(IReadOnlyList<Bilingual> Steps, string Source, Cpr? Cpr = null);

/// <param name="PerMinute">Compressions, 100 to 120 in a minute.</param>
/// <param name="Patient"><c>adult</c>, <c>child</c> or <c>infant</c>.</param>
/// <param name="DepthCentimeters">Least and most.</param>
internal sealed record Cpr(int PerMinute, string Patient, IReadOnlyList<double> DepthCentimeters);

/// <summary>Codes that protocols may use.</summary>
internal static class TriageCodes
{
    /// <summary>The most urgent first; T is a transfer, which is no emergency.</summary>
    internal static readonly string[] Levels = ["1", "2", "3", "4", "T"];

    internal static readonly string[] Crews = ["als", "bls"];

    internal static readonly string[] Patients = ["adult", "child", "infant"];

    /// <summary>One that is also a capability of vehicles is asked of the vehicle; the others are what a crew of that level carries.</summary>
    internal static readonly string[] Equipment =
    [
        "antidote", "burns", "cooling", "defibrillator", "dressings", "ecg", "glucose", "negativePressure", "neonatal", "obstetric", "oxygen", "pediatric",
        "splints", "suction", "ventilator", "warming",
    ];

    /// <summary>The incident's priority, 1 to 4, that a level asks for: a transfer waits with those that are not urgent.</summary>
    internal static int PriorityOf(string level) => Math.Min(Array.IndexOf(Levels, level) + 1, 4);

    /// <summary>0 for the most urgent.</summary>
    internal static int RankOf(string level) => Array.IndexOf(Levels, level);
}
