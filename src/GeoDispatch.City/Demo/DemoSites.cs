using GeoDispatch.Spatial;

namespace GeoDispatch.City.Demo;

/// <summary>Invented stations, hospitals and everyday places of the demo city; their names say so.</summary>
internal static class DemoSites
{
    private static readonly (string Kind, string Name, string NameEn, int Count)[] Everyday =
    [
        ("school", "小学", "Primary school", 90), ("marketplace", "农贸市场", "Market", 60), ("park", "公园", "Park", 50),
        ("townhall", "便民服务中心", "Service centre", 50), ("fuel", "加油站", "Filling station", 60), ("hotel", "宾馆", "Hotel", 40),
    ];

    internal static void Add(List<DemoPoi> pois, DemoFacts facts, Chance chance)
    {
        string central = facts.Districts[0].Code;
        (LonLat At, string District, double Reach)[] wide =
        [
            (DemoPlan.WesternCore, central, 4_500), (DemoPlan.EasternCore, central, 4_500),
            .. facts.Districts.Select(district => (new LonLat(district.Seat[0], district.Seat[1]), district.Code, 1_900.0)),
        ];
        // Ambulance stations: eight in the west, six in the east, two or three at each seat, so that 26 stand where people live.
        Spread("ambulance_station", "急救站", "Ambulance station", [8, 6, 2, 3, 3, 2, 2]);
        Spread("hospital", "医院", "Hospital", [3, 3, 1, 1, 1, 1, 2]);
        Spread("fire_station", "消防救援站", "Fire station", [4, 3, 1, 2, 1, 1, 2]);
        foreach ((string kind, string name, string nameEn, int count) in Everyday)
        {
            for (int i = 1; i <= count; i++)
            {
                Put(kind, $"{name}{i}", $"{nameEn} {i}", wide[chance.Below(wide.Length)]);
            }
        }

        void Spread(string kind, string name, string nameEn, int[] shares)
        {
            int number = 1;
            for (int place = 0; place < shares.Length; place++)
            {
                for (int i = 0; i < shares[place]; i++, number++)
                {
                    Put(kind, $"第{StreetNames.Number(number)}{name}", $"{nameEn} {number}", wide[place]);
                }
            }
        }

        void Put(string kind, string name, string nameEn, (LonLat At, string District, double Reach) around) => pois.Add(new DemoPoi(
            kind,
            $"{name}（演示）",
            $"{nameEn} (demo)",
            around.District,
            DemoPlan.Shift(around.At, chance.Between(-around.Reach, around.Reach), chance.Between(-around.Reach, around.Reach))));
    }
}
