namespace GeoDispatch.Dispatch.Calls.Duplicates;

/// <summary>
/// What a complaint is about, and how much two of them have in common. Callers rarely use the same words for one event, so the words of a
/// control room's everyday matters are known; beyond them counts what two texts share by pairs of characters, since Chinese has no spaces.
/// </summary>
internal static class Wording
{
    /// <summary>Said of the state of a person whatever the cause: fits every matter.</summary>
    private const string Unconscious = "昏迷";

    private static readonly (string Topic, string[] Words)[] Topics =
    [
        ("车祸", ["车祸", "撞", "追尾", "交通事故", "翻车", "侧翻", "翻了", "翻在", "剐蹭", "出事故", "被车轧", "crash", "collision"]),
        ("胸痛", ["胸痛", "胸闷", "胸口", "胸前区", "胸疼", "心脏", "心梗", "心慌", "心绞痛", "chest pain", "heart"]),
        ("卒中", ["中风", "卒中", "脑梗", "脑出血", "偏瘫", "嘴歪", "嘴角", "口齿不清", "说不出话", "说话不清", "半边身子", "stroke"]),
        (Unconscious, ["昏迷", "晕倒", "昏倒", "晕过去", "不省人事", "叫不醒", "没反应", "没有反应", "突然倒地", "unconscious", "collapsed"]),
        ("抽搐", ["抽搐", "惊厥", "抽风", "在抽", "癫痫", "口吐白沫", "seizure"]),
        ("火灾", ["着火", "起火", "失火", "火灾", "冒烟", "浓烟", "冒黑烟", "烧伤", "fire", "smoke"]),
        ("跌落", ["坠落", "坠楼", "摔", "跌", "掉下", "fell", "fall"]),
        ("落水", ["落水", "溺水", "掉河", "掉水", "淹", "drown"]),
        ("打架", ["打架", "斗殴", "群架", "打起来", "捅", "砍", "刀", "fight", "stab"]),
        ("中毒", ["中毒", "煤气", "一氧化碳", "农药", "熏着", "poison"]),
        ("分娩", ["临产", "要生了", "生孩子", "羊水", "孕妇", "labour"]),
        ("呼吸", ["喘不上", "呼吸困难", "窒息", "噎住", "卡住了喉", "choking"]),
    ];

    /// <summary>What it is about, as a dispatcher would say it in a word; empty where no word is known.</summary>
    internal static IReadOnlyList<string> TopicsOf(string complaint) =>
        [.. Topics.Where(topic => topic.Words.Any(word => complaint.Contains(word, StringComparison.OrdinalIgnoreCase))).Select(static topic => topic.Topic)];

    /// <summary>From 0, of another matter, to 1, of the same; about a half where the words do not tell.</summary>
    /// <returns>And the matter that both name.</returns>
    internal static (double Score, string? Common) Compare(string one, string other)
    {
        IReadOnlyList<string> first = TopicsOf(one), second = TopicsOf(other);
        string[] common = [.. first.Intersect(second, StringComparer.Ordinal)];
        double pairs = SharedPairs(one, other);
        if (common.Length > 0)
        {
            return (1, common[0]);
        }

        bool open = first.Count == 0 || second.Count == 0 || first.Contains(Unconscious, StringComparer.Ordinal) || second.Contains(Unconscious, StringComparer.Ordinal);
        return ((open ? 0.5 : 0) + (0.5 * pairs), null);
    }

    /// <summary>Which share of the shorter text's pairs of characters the other has too, 0 to 1.</summary>
    internal static double SharedPairs(string one, string other)
    {
        HashSet<(char, char)> first = Pairs(one), second = Pairs(other);
        int least = Math.Min(first.Count, second.Count);
        return least == 0 ? 0 : (double)first.Count(second.Contains) / least;
    }

    private static HashSet<(char, char)> Pairs(string text)
    {
        var pairs = new HashSet<(char, char)>();
        for (int index = 1; index < text.Length; index++)
        {
            if (char.IsLetterOrDigit(text[index - 1]) && char.IsLetterOrDigit(text[index]))
            {
                pairs.Add((char.ToLowerInvariant(text[index - 1]), char.ToLowerInvariant(text[index])));
            }
        }

        return pairs;
    }
}
