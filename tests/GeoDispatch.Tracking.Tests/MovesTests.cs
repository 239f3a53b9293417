using System.Security.Claims;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using GeoDispatch.Spatial;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Live;
using MessagePack;
using Microsoft.AspNetCore.SignalR;

namespace GeoDispatch.Tracking.Tests;

/// <summary>What a console is told, packed and read again.</summary>
public sealed class MovesTests
{
    private const double Half = 0.5e-6 + 1e-9;
    private static readonly MessagePackSerializerOptions Options = new MessagePackHubProtocolOptions().SerializerOptions;
    private static readonly Bbox Box = new(118, 37, 119, 38);
    private static readonly DateTimeOffset Start = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);

    /// <summary>One of ten vehicles at one of the beats; some of them lie outside, some are told again under another plate.</summary>
    public sealed record Step(int Vehicle, double Lon, double Lat, double? Speed, double? Heading, bool Waits, bool Renames, bool Looks);

    [Property(MaxTest = 300)]
    public Property What_is_read_is_what_was_told_to_half_a_step_after_whatever_happened() => Prop.ForAll(
        Steps().ListOf().ToArbitrary(),
        steps =>
        {
            var world = new World();
            foreach (Step step in steps)
            {
                world.Happen(step);
                world.Compare();
            }

            // A second without news: what had to wait has been told.
            world.Rest();
            world.Compare(isAll: true);
        });

    [Fact]
    public void A_step_of_a_driving_vehicle_is_a_few_bytes_and_its_names_come_once()
    {
        var world = new World();
        world.Happen(new Step(1, 118.5, 37.5, 40, 90, false, false, Looks: true));
        world.Happen(new Step(1, 118.5001, 37.5001, 41, 92, true, false, false));
        Moves moves = world.Last!;
        Assert.Empty(moves.Introduced);
        Assert.Equal([0, 100, 100, 1, 2, 10], moves.Rows);
        Assert.InRange(MessagePackSerializer.Serialize(moves, Options, TestContext.Current.CancellationToken).Length, 5, 12);
    }

    [Fact]
    public void Who_changed_plates_is_introduced_again()
    {
        var world = new World();
        world.Happen(new Step(1, 118.5, 37.5, 40, 90, false, false, Looks: true));
        world.Happen(new Step(1, 118.5, 37.5, 40, 90, true, Renames: true, false));
        Assert.Equal("鲁E00001新1", Assert.Single(world.Last!.Introduced).Plate);
        world.Compare();
    }

    private static Gen<Step> Steps() =>
        from vehicle in Gen.Choose(0, 9)
        from lon in Gen.Choose(117_800_000_0, 119_200_000_0)
        from lat in Gen.Choose(36_900_000_0, 38_100_000_0)
        from speed in Gen.OneOf(Gen.Constant((double?)null), Gen.Choose(0, 4000).Select(tenths => (double?)(tenths / 10.0)))
        from heading in Gen.OneOf(Gen.Constant((double?)null), Gen.Choose(0, 3600).Select(tenths => (double?)(tenths / 10.0)))
        from waits in Gen.Elements(true, false)
        from renames in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
        from looks in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new Step(vehicle, lon / 1e7, lat / 1e7, speed, heading, waits, renames, looks);

    /// <summary>A fleet, a console that looks at a box, and what it has read over the wire.</summary>
    private sealed class World : TimeProvider
    {
        private readonly LiveFleet fleet = new();
        private readonly Viewer viewer = new(packs: true, new ClaimsPrincipal(), Sight.Everything);
        private readonly MoveReader reader = new();
        private readonly Dictionary<int, VehiclePosition> latest = [];
        private readonly Dictionary<Guid, VehiclePosition> seen = [];
        private int renamed;
        private long milliseconds;

        internal World() => viewer.Show(Box);

        internal Moves? Last { get; private set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => milliseconds;

        internal void Happen(Step step)
        {
            milliseconds += step.Waits ? 1000 : 100;
            if (step.Looks)
            {
                viewer.Show(Box);
            }

            renamed += step.Renames ? 1 : 0;
            var id = new Guid(step.Vehicle, 0, 0, new byte[8]);
            string plate = latest.TryGetValue(step.Vehicle, out VehiclePosition? known) && !step.Renames ? known.Plate : $"鲁E{step.Vehicle:D5}" + (renamed > 0 ? $"新{renamed}" : "");
            latest[step.Vehicle] = new VehiclePosition(id, plate, "bus", step.Lon, step.Lat, step.Speed, step.Heading, Start.AddMilliseconds(milliseconds));
            Beat([latest[step.Vehicle]]);
        }

        internal void Rest()
        {
            milliseconds += 1000;
            Beat([]);
        }

        /// <param name="isAll">Everything must have been told by now; else only what was told must be right.</param>
        internal void Compare(bool isAll = false)
        {
            foreach (VehiclePosition read in reader.Inside)
            {
                VehiclePosition told = isAll ? latest.Values.Single(one => one.VehicleId == read.VehicleId) : seen[read.VehicleId];
                Assert.Equal((told.Plate, told.Kind), (read.Plate, read.Kind));
                Assert.InRange(read.Lon - told.Lon, -Half, Half);
                Assert.InRange(read.Lat - told.Lat, -Half, Half);
                Assert.Equal(told.SpeedKmh is null, read.SpeedKmh is null);
                Assert.InRange((read.SpeedKmh - told.SpeedKmh) ?? 0, -0.5, 0.5);
                Assert.Equal(told.HeadingDegrees is null, read.HeadingDegrees is null);
                Assert.InRange(Math.Cos(((read.HeadingDegrees - told.HeadingDegrees) ?? 0) * Math.PI / 180), Math.Cos(0.5 * Math.PI / 180), 1);
                Assert.InRange((told.Time - read.Time).TotalMilliseconds, 0, 100);
            }

            if (isAll)
            {
                Assert.Equal(
                    latest.Values.Where(one => Box.Contains(new LonLat(one.Lon, one.Lat))).Select(one => one.VehicleId).Order(),
                    reader.Inside.Select(one => one.VehicleId).Order());
            }
        }

        private void Beat(VehiclePosition[] moved)
        {
            viewer.BeginBeat();
            fleet.BeginBeat();
            fleet.Take(moved);
            viewer.Note(fleet);
            if (viewer.Next(fleet, this) is { } step)
            {
                byte[] bytes = MessagePackSerializer.Serialize((Moves)viewer.Write(fleet, step), Options, TestContext.Current.CancellationToken);
                Last = MessagePackSerializer.Deserialize<Moves>(bytes, Options, TestContext.Current.CancellationToken);
                reader.Read(Last);
                foreach (int number in step.Numbers)
                {
                    seen[fleet[number].VehicleId] = fleet[number];
                }
            }
        }
    }
}
