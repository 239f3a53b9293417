using System.Text.Json;
using System.Text.Json.Serialization;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Catalogue;

namespace GeoDispatch.Sharing.Access;

/// <summary>What an administrator wants said of a layer; null is what its module ships.</summary>
/// <param name="Title">Chinese, 1 to 60 characters.</param>
/// <param name="Owner">Code of a department.</param>
/// <param name="SharingClass"><c>unconditional</c>, <c>conditional</c> or <c>not_shared</c>.</param>
/// <param name="Attribution">What a map that shows it must name; at most 200 characters.</param>
/// <param name="ApprovalNumber">审图号, at most 60 characters.</param>
/// <param name="MinZoom">0 to 24.</param>
/// <param name="MaxZoom">0 to 24, not below <paramref name="MinZoom"/>.</param>
/// <param name="SearchColumn">A text column: whoever may read the layer finds its features by it where places are searched. Null: they are not searched.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record LayerWish(
    string? Title, string? TitleEn, string? Owner, string? SharingClass, string? Attribution, string? ApprovalNumber, int? MinZoom, int? MaxZoom,
    string? SearchColumn = null)
{
    internal Problem? Check(Layer layer)
    {
        string? wrong = SharingClass is not null && SharingClasses.Find(SharingClass) is null ? SharingClass : null;
        return wrong is not null
            ? LayerProblems.BadField("sharingClass", wrong, string.Join(" | ", SharingClasses.Names))
            : LayerProblems.Text("title", Title, 60) ?? LayerProblems.Text("titleEn", TitleEn, 60) ?? LayerProblems.Text("attribution", Attribution, 200)
                ?? LayerProblems.Text("approvalNumber", ApprovalNumber, 60) ?? Zoom("minZoom", MinZoom) ?? Zoom("maxZoom", MaxZoom)
                ?? (MinZoom > MaxZoom ? LayerProblems.BadField("minZoom", $"{MinZoom}", "不大于 maxZoom / not above maxZoom") : null)
                ?? (SearchColumn is not null && layer.FindColumn(SearchColumn) is not { IsText: true } ? LayerProblems.NoTextColumn(layer, SearchColumn) : null);
    }

    private static Problem? Zoom(string field, int? zoom) =>
        zoom is < 0 or > LayerMetadata.LargestZoom ? LayerProblems.BadField(field, $"{zoom}", $"0…{LayerMetadata.LargestZoom}") : null;
}

/// <summary>What an administrator wants of the rule for these readers; what is null does not limit, so that a misspelt member must not pass for null.</summary>
/// <param name="Department">Code of a department; null: any.</param>
/// <param name="Role"><c>dispatcher</c>, <c>crew</c> or <c>department</c>; null: any. Administrators read everything.</param>
/// <param name="Area">A GeoJSON Polygon or MultiPolygon in longitude and latitude, at most 10,000 corners.</param>
/// <param name="Rows">A filter in CQL2 text, at most 2,000 characters.</param>
/// <param name="Hidden">Columns that are not there for these readers.</param>
/// <param name="Masked">Columns of which these readers see no more than how a text begins.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RuleWish(
    string? Department, string? Role, JsonElement? Area, string? Rows, IReadOnlyList<string>? Hidden, IReadOnlyList<string>? Masked,
    DateTimeOffset? ValidFrom, DateTimeOffset? ValidUntil);

/// <summary>A rule as it stands.</summary>
/// <param name="Area">GeoJSON.</param>
public sealed record RuleView(
    Guid Id, string? Department, string? Role, JsonElement? Area, string? Rows, IReadOnlyList<string> Hidden, IReadOnlyList<string> Masked,
    DateTimeOffset? ValidFrom, DateTimeOffset? ValidUntil);

/// <summary>A layer as administrators see it.</summary>
/// <param name="SearchColumn">Features are found by it where places are searched; null: they are not searched.</param>
/// <param name="SearchedNames">How many names of it this server searches; null where it has read none yet.</param>
/// <param name="HasUnsearchedNames">True where there are more than may be searched.</param>
public sealed record LayerView(
    string Id, string Title, string Owner, string SharingClass, string? Attribution, string? ApprovalNumber, int MinZoom, int MaxZoom, bool Volatile,
    string? SearchColumn, int? SearchedNames, bool HasUnsearchedNames, IReadOnlyList<string> Columns, IReadOnlyList<RuleView> Rules);

/// <summary>What the administration of layers refuses.</summary>
internal static class LayerProblems
{
    internal static Problem BadField(string field, string? value, string right) =>
        new(400, "layer.bad_field", "内容不合要求 / Bad field", $"{field}: {right}", field, value);

    internal static Problem Unknown(string id, LayerList all) => new(
        404, "layer.unknown", "没有此图层 / Unknown layer", $"现有 / There are: {string.Join(", ", all.Layers.Select(layer => layer.Id))}", "id", id);

    internal static Problem NoTextColumn(Layer layer, string name) => new(
        400, "layer.unknown_column", "没有此文本列 / No such text column",
        $"现有 / There are: {string.Join(", ", layer.Columns.Where(static column => column.IsText).Select(static column => column.Name))}", "searchColumn", name);

    internal static Problem RuleUnknown(Guid id) =>
        new(404, "rule.unknown", "没有此规则 / Unknown rule", "核对规则编号 / Check the id of the rule", "ruleId", id.ToString());

    internal static Problem DepartmentUnknown(string field, string? code) =>
        new(400, "department.unknown", "没有此部门 / Unknown department", "先由管理员登记部门 / An administrator must enter the department first", field, code);

    /// <summary>Null where it is absent, or text of 1 to <paramref name="most"/> characters without control characters.</summary>
    internal static Problem? Text(string field, string? value, int most) =>
        value is not null && (value.Trim().Length == 0 || value.Length > most || value.Any(char.IsControl))
            ? BadField(field, value, $"1 至 {most} 个字 / 1 to {most} characters")
            : null;
}
