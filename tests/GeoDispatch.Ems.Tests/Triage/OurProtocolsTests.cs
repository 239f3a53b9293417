using System.Text.RegularExpressions;
using GeoDispatch.Ems.Triage;

namespace GeoDispatch.Ems.Tests.Triage;

/// <summary>The protocols that come with the program, each path of each.</summary>
public sealed partial class OurProtocolsTests(ITestOutputHelper output)
{
    private static readonly Protocol[] Ours = [.. Protocols.OfProgram.Values.Select(static edition => edition.Protocol)];

    public static TheoryData<string> Codes => [.. Ours.Select(static protocol => protocol.Code)];

    public static TheoryData<string> CodesOfEmergencies => [.. Ours.Select(static protocol => protocol.Code).Where(static code => code != "transfer")];

    [Fact]
    public void Every_path_of_every_protocol_ends_in_a_determinant()
    {
        Assert.Equal(30, Ours.Length);
        int all = 0;
        foreach (Protocol protocol in Ours)
        {
            IReadOnlyList<IReadOnlyList<Given>> paths = PathsOf(protocol);
            Assert.All(paths, path =>
            {
                TriageState end = TriageDecider.Walk(protocol, path);
                Assert.Null(end.Next);
                Assert.Contains(end.Determinant!, protocol.Determinants);
                Assert.Equal(path, end.Path);
            });
            output.WriteLine($"{protocol.Number:00} {protocol.Name.Zh}: {paths.Count} paths, at most {paths.Max(static path => path.Count)} questions");
            all += paths.Count;
        }

        output.WriteLine($"{all} paths");
        Assert.InRange(all, 1_000, 2_000);
    }

    [Theory]
    [MemberData(nameof(CodesOfEmergencies))]
    public void All_but_transfers_ask_first_for_consciousness_and_breathing(string code)
    {
        Protocol protocol = Of(code);

        Assert.All(PathsOf(protocol).Where(static path => path.Count > 2), static path =>
        {
            Assert.Equal("conscious", path[0].Question);
            Assert.Contains(path[1].Question, new[] { "breathing", "chest" });
        });
    }

    [Theory]
    [MemberData(nameof(CodesOfEmergencies))]
    public void Who_neither_reacts_nor_breathes_is_level_1_and_is_pressed_to_a_metronome(string code)
    {
        Protocol protocol = Of(code);

        Determinant arrest = protocol.Determinants[TriageDecider.Walk(protocol, [new("conscious", "no"), new("chest", "no")]).Determinant!];

        Assert.Equal(("1", "als"), (arrest.Level, arrest.Crew));
        Assert.Equal(110, protocol.Instructions[arrest.Instructions].Cpr!.PerMinute);
        Assert.Contains("defibrillator", arrest.Equipment);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void To_be_unsure_never_ends_less_urgent_than_to_say_no(string code)
    {
        Protocol protocol = Of(code);
        foreach ((string question, Question asked) in protocol.Questions)
        {
            Answer? unsure = asked.Answers.FirstOrDefault(static answer => answer.Code == "unsure");
            int least = asked.Answers.Where(answer => answer != unsure).Max(answer => LeastUrgent(protocol, answer));
            Assert.True(unsure is null || LeastUrgent(protocol, unsure) <= least, $"{code} {question}");
        }
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Nobody_is_said_to_have_approved_it_and_every_instruction_names_its_source(string code)
    {
        Protocol protocol = Of(code);

        Assert.Null(protocol.ApprovedBy);
        Assert.All(protocol.Instructions.Values, static instructions => Assert.NotEmpty(instructions.Source));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void What_is_said_in_Chinese_is_Chinese_and_what_in_English_English(string code)
    {
        Protocol protocol = Of(code);
        IEnumerable<Bilingual> said =
        [
            protocol.Name,
            .. protocol.Questions.Values.SelectMany(static question => question.Answers.Select(static answer => new Bilingual(answer.Zh, answer.En)).Prepend(question.Ask)),
            .. protocol.Determinants.Values.Select(static one => new Bilingual(one.Zh, one.En)),
            .. protocol.Instructions.Values.SelectMany(static instructions => instructions.Steps),
        ];

        Assert.All(said, static text =>
        {
            Assert.Matches(Han(), text.Zh);
            Assert.DoesNotMatch(Han(), text.En);
            Assert.Matches("[A-Za-z]", text.En);
        });
    }

    /// <summary>By trying every answer.</summary>
    internal static IReadOnlyList<IReadOnlyList<Given>> PathsOf(Protocol protocol)
    {
        var ended = new List<IReadOnlyList<Given>>();
        var open = new Queue<(string Question, IReadOnlyList<Given> Before)>([(protocol.Begin, [])]);
        while (open.TryDequeue(out (string Question, IReadOnlyList<Given> Before) next))
        {
            foreach (Answer answer in protocol.Questions[next.Question].Answers)
            {
                IReadOnlyList<Given> path = [.. next.Before, new Given(next.Question, answer.Code)];
                if (answer.End is null)
                {
                    open.Enqueue((answer.Next!, path));
                }
                else
                {
                    ended.Add(path);
                }
            }
        }

        return ended;
    }

    private static Protocol Of(string code) => Protocols.OfProgram[code].Protocol;

    private static int LeastUrgent(Protocol protocol, Answer answer) => answer.End is { } end
        ? TriageCodes.RankOf(protocol.Determinants[end].Level)
        : protocol.Questions[answer.Next!].Answers.Max(next => LeastUrgent(protocol, next));

    [GeneratedRegex(@"[\u4e00-\u9fff]", RegexOptions.None, 1000)]
    private static partial Regex Han();
}
