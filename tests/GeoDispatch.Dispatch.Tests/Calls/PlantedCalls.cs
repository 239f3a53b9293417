using GeoDispatch.Dispatch.Calls.Duplicates;
using GeoDispatch.Spatial;

namespace GeoDispatch.Dispatch.Tests.Calls;

/// <summary>Two calls, and whether they tell of one event.</summary>
internal sealed record CallPair(Told First, Told Second, bool Same, string How);

/// <summary>
/// Calls as people make them, seeded: several say the same accident in words of their own, each wrong about the place in its own way. Made
/// before the scorer and without it: it knows events, streets and people, no scores.
/// </summary>
internal static class PlantedCalls
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);
    private static readonly LonLat Centre = new(118.58, 37.455);

    // Per kind of event, two events alike; per event, what five callers say of it.
    private static readonly string[][][] Kinds =
    [
        [
            ["电动车被小轿车撞了,人躺在地上", "路口出车祸了,骑电动车的流了好多血", "有辆白色轿车撞了个骑车的", "交通事故,一个大爷腿断了", "撞人了快来,骑电瓶车的不动了"],
            ["大货车侧翻了,司机卡在里面", "一辆货车翻在路边,驾驶员出不来", "车祸,大车翻车了人被压住", "拉沙子的车翻了,有人困在驾驶室", "这里货车出事故了,司机受伤被困"],
        ],
        [
            ["好几辆车追尾,有两个人受伤", "高架下面连环撞车,有人头破了", "追尾了,后车司机胸口疼", "三车相撞,女的脖子动不了", "发生交通事故,几台车撞一起了有伤员"],
            ["公交车急刹,老人摔倒头流血", "公交上有个老太太摔了", "公交车里乘客跌倒受伤了", "老人在公交车上摔倒,起不来", "车上老奶奶摔伤了,头上出血"],
        ],
        [
            ["老人胸口疼得厉害出冷汗", "我爸胸痛,以前有心脏病", "胸闷喘不上气,六十多岁", "家里老人心脏不舒服,胸前区疼", "心梗,快派车,胸口压着疼"],
            ["老伴突然说不出话,半边身子不能动", "疑似中风,嘴歪了", "偏瘫了,右手抬不起来说话不清", "脑梗,老太太嘴角歪斜", "我妈突然口齿不清,左边胳膊没劲"],
        ],
        [
            ["有人晕倒在超市门口", "一个男的突然倒地不省人事", "路边有人昏迷叫不醒", "门口躺着个人没反应,晕过去了", "有人昏倒了,脸色发白"],
            ["小孩抽搐口吐白沫", "孩子发烧抽风了", "宝宝惊厥,翻白眼", "儿子高烧四十度在抽", "小孩高热抽搐,两岁"],
        ],
        [
            ["六楼着火了,有人被困", "居民楼冒浓烟,楼上有人喊救命", "失火了,有人烧伤", "厨房起火,烟很大,老人没出来", "楼里火灾,一个女的被烟呛晕"],
            ["仓库起火,工人被烧伤", "厂房着火了,两个工人受伤", "车间爆炸起火,有伤员", "库房失火,有人手和脸烧了", "工厂冒黑烟起火了,有人烧着了"],
        ],
        [
            ["工地上有人从架子上掉下来", "工人高处坠落,腰不能动", "脚手架上摔下来一个人", "坠楼,工地三楼摔下来的", "建筑工地一个师傅从高处摔下,昏迷"],
            ["有人掉河里了", "河边有人落水,正在捞", "一个小孩溺水了,刚救上来没呼吸", "落水,人捞上来了没有心跳", "水库边淹了一个人"],
        ],
        [
            ["饭店门口打架,有人被捅了", "有人打群架,一个小伙子肚子被刀扎了", "喝酒打起来了,头被酒瓶砸破", "斗殴,刀伤,流血很多", "烧烤摊打架,有人被刀捅伤"],
            ["一家三口煤气中毒", "煤气中毒,人叫不醒", "一氧化碳中毒,头晕恶心两个人", "烧炉子中毒了,两个老人昏迷", "家里煤炉熏着了,人迷糊"],
        ],
    ];

    /// <summary>Two callers of one event: in differing words, up to 12 minutes apart, up to 150 m apart or at a crossing and an address.</summary>
    internal static IReadOnlyList<CallPair> Pairs(int seed, int count)
    {
        var chance = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            string[] words = Event(chance, Kinds[chance.Next(Kinds.Length)]);
            LonLat where = Somewhere(chance);
            bool crossing = chance.Next(4) == 0;
            (Told first, Told second) = Until(
                () => (Say(chance, words, where, Start, crossing ? "crossing" : null), Say(chance, words, where, Later(chance, 0, 12), crossing ? "address" : null)),
                pair => pair.Item1.Complaint != pair.Item2.Complaint && (crossing || Geodesy.DistanceMeters(pair.Item1.At, pair.Item2.At) <= 150));
            return new CallPair(first, second, true, crossing ? "crossing and address" : "near");
        })];
    }

    /// <summary>Two events: alike and 300 to 700 m apart; at one place and of another kind; alike at one place, but an hour apart.</summary>
    internal static IReadOnlyList<CallPair> NearMisses(int seed, int count)
    {
        var chance = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            string[][] kind = Kinds[chance.Next(Kinds.Length)];
            LonLat where = Somewhere(chance);
            Told first = Say(chance, Event(chance, kind), where, Start, null);
            return chance.Next(4) switch
            {
                0 => new CallPair(first, Say(chance, Event(chance, Other(chance, kind)), where, Later(chance, 2, 12), null), false, "another kind"),
                1 => new CallPair(first, Say(chance, Event(chance, kind), where, Later(chance, 45, 90), null), false, "an hour later"),
                _ => new CallPair(first, Say(chance, Event(chance, kind), Away(chance, where, 300, 700), Later(chance, 0, 12), null), false, "elsewhere"),
            };
        })];
    }

    private static Told Say(Random chance, string[] words, LonLat where, DateTimeOffset at, string? way)
    {
        way ??= chance.Next(4) switch { 0 => "address", 1 => "map", 2 => "poi", _ => "caller" };
        LonLat said = way switch
        {
            // The crossing that the caller sees stands up to half a block away.
            "crossing" => Away(chance, where, 30, 130),
            "address" => Away(chance, where, 0, 30),
            "map" => Away(chance, where, 0, 50),
            "poi" => Away(chance, where, 0, 60),
            _ => Away(chance, where, 0, 90),
        };
        return new Told(said, way, null, "medical", words[chance.Next(words.Length)], at);
    }

    private static string[] Event(Random chance, string[][] kind) => kind[chance.Next(kind.Length)];

    private static string[][] Other(Random chance, string[][] kind) =>
        Until(() => Kinds[chance.Next(Kinds.Length)], other => other != kind && !(Crash(other) && Crash(kind)));

    /// <summary>The first two kinds are both accidents of traffic.</summary>
    private static bool Crash(string[][] kind) => kind == Kinds[0] || kind == Kinds[1];

    private static DateTimeOffset Later(Random chance, int least, int most) => Start.AddMinutes(least + chance.NextDouble() * (most - least));

    private static LonLat Somewhere(Random chance) => Away(chance, Centre, 0, 5_000);

    private static LonLat Away(Random chance, LonLat from, double least, double most)
    {
        double meters = least + chance.NextDouble() * (most - least), direction = chance.NextDouble() * 2 * Math.PI;
        return new LonLat(
            from.Lon + meters * Math.Sin(direction) / (111_195 * Math.Cos(from.Lat * Math.PI / 180)), from.Lat + meters * Math.Cos(direction) / 111_195);
    }

    private static T Until<T>(Func<T> make, Func<T, bool> fits)
    {
        while (true)
        {
            T made = make();
            if (fits(made))
            {
                return made;
            }
        }
    }
}
