using System.Text;
using System.Text.Json.Nodes;
using FsCheck.Fluent;
using GeoDispatch.Ems.Triage;

namespace GeoDispatch.Ems.Tests.Triage;

/// <summary>A protocol that would leave a call taker without a way on is refused, and what is wrong is said with its place.</summary>
public sealed class ProtocolChecksTests
{
    private const string Good = """
        {
          "code": "sample", "number": 77, "version": 1, "approvedBy": null, "name": { "zh": "样例", "en": "Sample" }, "words": ["样例"],
          "principles": "自拟", "begin": "conscious",
          "questions": {
            "first": { "ask": { "zh": "疼吗?", "en": "Pain?" }, "short": "疼", "answers": [
              { "code": "yes", "zh": "疼", "en": "Yes", "next": "where" }, { "code": "no", "zh": "不疼", "en": "No", "end": "77-4A" }] },
            "where": { "ask": { "zh": "哪里?", "en": "Where?" }, "short": "哪里", "answers": [
              { "code": "chest", "zh": "胸", "en": "Chest", "end": "77-2A" }, { "code": "else", "zh": "别处", "en": "Elsewhere", "end": "77-4A" }] }
          },
          "determinants": {
            "77-2A": { "zh": "胸痛", "en": "Chest", "level": "2", "crew": "als", "equipment": ["ecg"], "secondUnit": false, "hospital": "chestPain", "instructions": "sit" },
            "77-4A": { "zh": "轻", "en": "Mild", "level": "4", "crew": "bls", "equipment": [], "secondUnit": false, "hospital": null, "instructions": "wait" }
          },
          "instructions": { "sit": { "steps": [{ "zh": "坐下。", "en": "Sit." }], "source": "自拟", "cpr": { "perMinute": 110, "patient": "adult", "depthCentimeters": [5, 6] } } }
        }
        """;

    [Fact]
    public void A_good_one_is_accepted_with_the_questions_that_all_share()
    {
        (Edition? edition, IReadOnlyList<Fault> faults) = Protocols.Read(Encoding.UTF8.GetBytes(Good));

        Assert.Empty(faults);
        Assert.Equal(["breathing", "chest", "conscious", "first", "where"], edition!.Protocol.Questions.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("answers lead nowhere", "$.questions.first.answers[1].end", null, "first, 答案 answer no: 没有去处")]
    [InlineData("both", "$.questions.first.answers[1].next", "\"where\"", "first, 答案 answer no: next 与 end")]
    [InlineData("no such question", "$.questions.first.answers[0].next", "\"moon\"", "first, 答案 answer yes: 没有问题 moon")]
    [InlineData("no such determinant", "$.questions.where.answers[0].end", "\"77-1Z\"", "where, 答案 answer chest: 没有判定 77-1Z")]
    [InlineData("loop", "$.questions.where.answers[0]", """{ "code": "chest", "zh": "胸", "en": "Chest", "next": "first" }""", "循环")]
    [InlineData("never asked", "$.questions.first.answers[0]", """{ "code": "yes", "zh": "疼", "en": "Yes", "end": "77-2A" }""", "question where: 没有答案通到这里")]
    [InlineData("never reached", "$.questions.where.answers[0].end", "\"77-4A\"", "determinant 77-2A: 没有答案通到这里")]
    [InlineData("never read", "$.determinants.77-2A.instructions", "\"wait\"", "instructions sit: 没有答案通到这里")]
    [InlineData("no such beginning", "$.begin", "\"moon\"", "没有问题 moon")]
    [InlineData("answer twice", "$.questions.first.answers[1].code", "\"yes\"", "first, 答案 answer yes: 答案代码")]
    [InlineData("one answer", "$.questions.first.answers[1]", null, "question first: 答案 2 至 9 个")]
    [InlineData("no English", "$.questions.first.ask.en", "\" \"", "question first: 须有代码")]
    [InlineData("no English answer", "$.questions.first.answers[1].en", "\"\"", "first, 答案 answer no: 须中英文齐全")]
    [InlineData("unknown level", "$.determinants.77-2A.level", "\"5\"", "level 5: 1 | 2 | 3 | 4 | T")]
    [InlineData("other level than its code", "$.determinants.77-2A.level", "\"3\"", "determinant 77-2A: 代码须为 77-")]
    [InlineData("unknown equipment", "$.determinants.77-2A.equipment[0]", "\"moon\"", "determinant 77-2A: equipment moon: antidote | burns")]
    [InlineData("unknown crew", "$.determinants.77-4A.crew", "\"doctor\"", "determinant 77-4A: crew doctor: als | bls")]
    [InlineData("unknown hospital", "$.determinants.77-2A.hospital", "\"moon\"", "determinant 77-2A: hospital moon: chestPain")]
    [InlineData("unknown instructions", "$.determinants.77-4A.instructions", "\"moon\"", "没有指导 moon")]
    [InlineData("slow compressions", "$.instructions.sit.cpr.perMinute", "90", "100–120")]
    [InlineData("no source", "$.instructions.sit.source", "\"\"", "instructions sit")]
    [InlineData("no words", "$.words[0]", null, "words")]
    [InlineData("version 0", "$.version", "0", "version: 0")]
    [InlineData("number 100", "$.number", "100", "number: 100")]
    [InlineData("unknown key", "$.questions.first.colour", "\"red\"", "colour")]
    [InlineData("key missing", "$.approvedBy", null, "approvedBy")]
    [InlineData("null", "$.name.en", "null", "$.name")]
    [InlineData("no number", "$.version", "\"1\"", "$.version")]
    public void A_bad_one_is_refused_and_the_place_is_named(string what, string path, string? value, string said)
    {
        (Edition? edition, IReadOnlyList<Fault> faults) = Protocols.Read(Encoding.UTF8.GetBytes(Changed(path, value)));

        Assert.Null(edition);
        Assert.True(faults.Any(fault => fault.ToString().Contains(said, StringComparison.Ordinal)), $"{what}: {string.Join("\n", faults)}");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("""{ "code": "a", "code": "b" }""")]
    public void What_is_no_protocol_at_all_is_refused(string text) => Assert.NotEmpty(Protocols.Read(Encoding.UTF8.GetBytes(text)).Faults);

    [Theory]
    [InlineData(12, true)]
    [InlineData(13, false)]
    public void Twelve_questions_are_the_most_on_a_path(int questions, bool isGood)
    {
        Protocol chain = Drawn([.. Enumerable.Range(0, questions).Select(at => new[] { at == questions - 1 ? -1 : at + 1, -1 })]);

        Assert.Equal(isGood, ProtocolChecks.Check(chain, Nothing).Count == 0);
    }

    [Fact]
    public void Of_all_protocols_exactly_those_are_accepted_whose_every_path_ends() =>
        FsCheck.Check.One(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(Graphs().ToArbitrary(), static graph =>
        {
            IReadOnlyList<Fault> faults = ProtocolChecks.Check(Drawn(graph), Nothing);

            Assert.Equal(IsGood(graph), faults.Count == 0);
        }));

    [Fact]
    public void Among_the_generated_protocols_many_are_good_and_many_bad()
    {
        int good = Graphs().Sample(1_000).Count(IsGood);

        Assert.InRange(good, 100, 900);
    }

    private static readonly SharedParts Nothing = new(
        new Dictionary<string, Question>(), new Dictionary<string, Determinant>(), new Dictionary<string, Instructions>());

    /// <summary>Questions by number, of each the targets of its answers: another question, −1 for the determinant, −2 for nowhere.</summary>
    private static Protocol Drawn(int[][] graph) => new(
        "drawn", 77, 1, null, new Bilingual("样例", "Drawn"), ["样例"], "自拟", "q0",
        graph.Index().ToDictionary(
            static question => $"q{question.Index}",
            static question => new Question(new Bilingual("疼吗?", "Pain?"), "疼", [.. question.Item.Select(static (target, at) => new Answer(
                $"a{at}", "是", "Yes", target >= 0 ? $"q{target}" : null, target == -1 ? "77-2A" : null))])),
        new Dictionary<string, Determinant> { ["77-2A"] = new("疼", "Pain", "2", "als", [], false, null, "sit") },
        new Dictionary<string, Instructions> { ["sit"] = new([new Bilingual("坐下。", "Sit.")], "自拟") });

    /// <summary>Mostly forward, now and then back, to a question that there is not, or nowhere.</summary>
    private static FsCheck.Gen<int[][]> Graphs() =>
        from count in Gen.Choose(1, 15)
        from graph in Gen.CollectToArray(Enumerable.Range(0, count), at => Gen.ArrayOf(
            Gen.Frequency(
                (40, Gen.Constant(at + 1 < count ? at + 1 : -1)), (30, Gen.Constant(-1)), (20, Gen.Choose(Math.Min(at + 1, count - 1), count - 1)),
                (1, Gen.Choose(0, count)), (1, Gen.Constant(-2))), 3))
        select graph;

    /// <summary>By walking every path, twelve questions far, and no other knowledge.</summary>
    private static bool IsGood(int[][] graph)
    {
        var seen = new HashSet<int>();
        bool isEnded = false;
        return Ends(0, 1) && seen.Count == graph.Length && isEnded;

        bool Ends(int question, int depth)
        {
            if (question >= graph.Length || depth > 12)
            {
                return false;
            }

            seen.Add(question);
            isEnded |= graph[question].Contains(-1);
            return graph[question].Distinct().All(target => target == -1 || (target >= 0 && Ends(target, depth + 1)));
        }
    }

    /// <summary>The good one with a member set, or without it where the value is null.</summary>
    private static string Changed(string path, string? value)
    {
        JsonNode root = JsonNode.Parse(Good)!;
        string[] steps = path[2..].Replace("[", ".[", StringComparison.Ordinal).Split('.');
        JsonNode at = steps[..^1].Aggregate(root, static (node, step) => step[0] == '[' ? node[int.Parse(step[1..^1], null)]! : node[step]!);
        string last = steps[^1];
        JsonNode? next = value is null ? null : JsonNode.Parse(value);
        switch (at)
        {
            case JsonArray list when value is null:
                list.RemoveAt(int.Parse(last[1..^1], null));
                break;
            case JsonArray list:
                list[int.Parse(last[1..^1], null)] = next;
                break;
            default:
                if (value is null)
                {
                    at.AsObject().Remove(last);
                }
                else
                {
                    at[last] = next;
                }

                break;
        }

        return root.ToJsonString();
    }
}
