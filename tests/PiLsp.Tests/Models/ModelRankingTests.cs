using PiLsp.Agents;
using Xunit;

namespace PiLsp.Tests.Models;

public class ModelRankingTests
{
    [Fact]
    public void The_newest_of_each_family_is_shown_first()
    {
        var shelf = Arrange([], Think("opus-4-1"), Think("opus-4-8"), Think("opus-4-8-20260101"), Think("opus-3"), Think("haiku-4-5"), Think("haiku-3"),
            Think("gem-2.5"), Think("gem-2.5-mini"));
        var primary = shelf.Where(e => e.Primary).Select(e => e.Model.Id).ToList();
        Assert.Equal(ModelRanking.Shown, primary.Count);
        Assert.Equal(["gem-2.5", "gem-2.5-mini", "haiku-4-5", "opus-4-8"], primary.Take(4).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_in_use_and_what_the_user_set_come_before_all_others()
    {
        var shelf = Arrange(["p/old-1", "p/plain"], Think("old-1"), Think("old-9"), Plain("plain"), Think("new-2"), Think("a-1"), Think("b-1"), Think("c-1"));
        Assert.Equal(["old-1", "plain"], shelf.Take(2).Select(e => e.Model.Id));
    }

    [Fact]
    public void Of_two_families_the_one_that_thinks_has_more_context_and_costs_more_comes_first()
    {
        var shelf = Arrange([], Plain("a"), Think("b"), Think("c") with { ContextWindow = 9 }, Think("d") with { OutputCost = 5 });
        Assert.Equal(["c", "d", "b", "a"], shelf.Select(e => e.Model.Id));
    }

    [Fact]
    public void The_rest_is_in_the_order_of_names_newest_first()
    {
        var models = Enumerable.Range(1, 8).Select(i => Plain($"m-{i}")).Append(Plain("a-1")).ToArray();
        var shelf = Arrange([], models);
        Assert.Equal(["m-4", "m-3", "m-2", "m-1"], shelf.Where(e => !e.Primary).Select(e => e.Model.Id));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(1000)]
    public void Every_model_is_there_once(int count)
    {
        var models = Enumerable.Range(0, count).Select(i => Plain($"family{i % 7}-v{i}")).ToArray();
        Assert.Equal(models.Select(m => m.Id).Order(), Arrange([], models).Select(e => e.Model.Id).Order());
    }

    private static IReadOnlyList<(AgentModel Model, bool Primary)> Arrange(string[] favoured, params AgentModel[] models) =>
        ModelRanking.Arrange(models, favoured);

    private static AgentModel Plain(string id) => new("p", id, id, false, 1, ["text"], 0, 0);

    private static AgentModel Think(string id) => Plain(id) with { Reasoning = true };
}
