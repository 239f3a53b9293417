using FsCheck.Fluent;
using GeoDispatch.Ems.Triage;
using GeoDispatch.Postgres;

namespace GeoDispatch.Ems.Tests.Triage;

public sealed class TriageDeciderTests
{
    private static readonly Protocol ChestPain = Protocols.OfProgram["chestPain"].Protocol;

    private static readonly Given Awake = new("conscious", "yes"), Breathing = new("breathing", "normal"), Pressing = new("first", "pressing");

    [Fact]
    public void Nothing_asked_yet_the_first_question_is_next() => Assert.Equal("conscious", TriageDecider.Walk(ChestPain, []).Next);

    [Fact]
    public void Answers_lead_to_the_next_question_and_at_last_to_a_determinant()
    {
        Assert.Equal("sweat", TriageDecider.Walk(ChestPain, [Awake, Breathing, Pressing]).Next);

        TriageState end = TriageDecider.Walk(ChestPain, [Awake, Breathing, Pressing, new("sweat", "yes")]);

        Assert.Equal((null, "02-1A"), (end.Next, end.Determinant));
    }

    [Fact]
    public void A_correction_leads_on_from_where_it_was_made()
    {
        TriageState end = TriageDecider.Walk(ChestPain, [Awake, Breathing, Pressing, new("sweat", "yes"), new("conscious", "no"), new("chest", "gasping")]);

        Assert.Equal("00-1A", end.Determinant);
        Assert.Equal([new("conscious", "no"), new("chest", "gasping")], end.Path);
    }

    [Fact]
    public void Corrected_back_the_answers_beside_the_path_count_again() =>
        Assert.Equal("02-1A", TriageDecider.Walk(ChestPain, [Awake, Breathing, Pressing, new("sweat", "yes"), new("conscious", "no"), Awake]).Determinant);

    [Theory]
    [InlineData("moon", "yes", "answers[0].question", "没有此问题")]
    [InlineData("sweat", "yes", "answers[0].question", "还没问到")]
    [InlineData("first", "maybe", "answers[0].answer", "pressing | tearing | touch | unsure")]
    public void What_does_not_fit_is_refused_by_its_place(string question, string answer, string field, string said)
    {
        Problem refusal = TriageDecider.Decide(ChestPain, [Awake, Breathing], [new(question, answer)])!;

        Assert.Equal(("triage.answer_unfit", field, field.EndsWith("answer", StringComparison.Ordinal) ? answer : question), (refusal.Code, refusal.Field, refusal.Value));
        Assert.Contains(said, refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void After_the_end_answers_may_be_corrected_but_none_added()
    {
        Given[] ended = [Awake, Breathing, Pressing, new("sweat", "yes")];

        Assert.Null(TriageDecider.Decide(ChestPain, ended, [new("sweat", "no")]));
        Assert.NotNull(TriageDecider.Decide(ChestPain, ended, [new("age", "yes")]));
    }

    [Fact]
    public void Whatever_is_given_either_all_of_it_fits_and_the_path_is_one_of_the_protocol_or_it_is_refused() =>
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(Talks().ToArbitrary(), static talk =>
        {
            var accepted = new List<Given>();
            foreach (Given given in talk)
            {
                if (TriageDecider.Decide(ChestPain, accepted, [given]) is null)
                {
                    accepted.Add(given);
                    Assert.Contains(given, TriageDecider.Walk(ChestPain, accepted).Path);
                }
            }

            TriageState state = TriageDecider.Walk(ChestPain, accepted);
            Assert.True(state.Next is null != state.Determinant is null);
            Assert.Contains(OurProtocolsTests.PathsOf(ChestPain), path => path.Take(state.Path.Count).SequenceEqual(state.Path));
        }));

    private static FsCheck.Gen<Given[]> Talks() => Gen.ArrayOf(
        from question in Gen.Elements<string>(ChestPain.Questions.Keys)
        from answer in Gen.Elements<string>(ChestPain.Questions[question].Answers.Select(static answer => answer.Code).Append("moon"))
        select new Given(question, answer));
}
