using FsCheck.Xunit;
using GeoDispatch.Dispatch.Recommendation;

namespace GeoDispatch.Dispatch.Tests.Recommendation;

public sealed class CoverTests
{
    [Property]
    public void What_is_lost_without_a_unit_is_what_no_other_one_reaches(bool[][] units)
    {
        const int Addresses = 150;
        // A unit reaches the addresses that its flags name, over and over.
        int[][] reached = [.. units.Select(flags => Enumerable.Range(0, Addresses).Where(address => flags.Length > 0 && flags[address % flags.Length]).ToArray())];
        var cover = new Cover(Addresses);
        foreach (int[] one in reached)
        {
            cover.Add(Set(one));
        }

        Assert.Equal(reached.SelectMany(static one => one).Distinct().Count(), cover.Covered);
        for (int unit = 0; unit < reached.Length; unit++)
        {
            IEnumerable<int> others = reached.Where((_, other) => other != unit).SelectMany(static one => one);
            Assert.Equal(reached[unit].Except(others).Count(), cover.LostWithout(Set(reached[unit])));
        }

        static ulong[] Set(int[] addresses)
        {
            var set = new ulong[(Addresses + 63) / 64];
            foreach (int address in addresses)
            {
                set[address >> 6] |= 1UL << address;
            }

            return set;
        }
    }
}
