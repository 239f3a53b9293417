namespace GeoDispatch.City.Demo;

/// <summary>Names for generated streets. They sound like a Shandong city; which street bears which is invented.</summary>
internal static class StreetNames
{
    private static readonly string[] Cities =
    [
        "黄河", "济南", "淄博", "青岛", "烟台", "潍坊", "济宁", "泰安", "威海", "日照", "临沂", "德州", "聊城", "滨州", "菏泽", "枣庄",
        "莱芜", "曲阜", "蓬莱", "胶州", "即墨", "平度", "莱州", "招远", "栖霞", "海阳", "荣成", "乳山", "文登", "诸城", "寿光", "安丘",
        "高密", "昌邑", "临清", "乐陵", "禹城", "邹城", "滕州", "新泰", "肥城", "章丘",
    ];

    private static readonly string[] Waters =
    [
        "府前", "淮河", "辽河", "汾河", "渭河", "沂河", "沭河", "泗河", "潍河", "胶河", "大汶河", "小清河", "徒骇河", "马颊河", "南海",
        "东海", "渤海", "泰山", "华山", "嵩山", "衡山", "恒山", "庐山", "蒙山", "崂山", "沂山", "鲁山", "昆仑", "天山", "长白山", "太行山",
        "祁连山", "峨眉山", "武夷山", "井冈山", "大别山", "贺兰山", "阴山", "燕山", "秦岭",
    ];

    private static readonly string[] Digits = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

    /// <summary>East–west streets of the western core, from the south.</summary>
    internal static string West(int row) => row < Cities.Length ? $"{Cities[row]}路" : $"北{Number(row - Cities.Length + 1)}路";

    /// <summary>East–west streets of the eastern core, from the south.</summary>
    internal static string East(int row) => row < Waters.Length ? $"{Waters[row]}街" : $"南{Number(row - Waters.Length + 1)}街";

    /// <summary>1 to 99 in Chinese numerals.</summary>
    internal static string Number(int value) => value switch
    {
        < 10 => Digits[value],
        10 => "十",
        < 20 => "十" + Digits[value - 10],
        _ => Digits[value / 10] + "十" + (value % 10 == 0 ? "" : Digits[value % 10]),
    };
}
