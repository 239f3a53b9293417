using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using GeoDispatch.Tracking.Devices.Jt808;

namespace GeoDispatch.Benchmarks.Live;

/// <summary>
/// Vehicles that drive up and down streets of their own at 40 km/h, each with a terminal of JT/T 808 on a connection of its own that
/// reports once a second; spread over the second.
/// </summary>
internal sealed class MovingFleet : IAsyncDisposable
{
    private const double MetersPerSecond = 11, LegMeters = 400, MetersPerDegree = 111_320;
    private static readonly string[] Emergency = ["police", "fire", "ambulance", "rescue"], Ordinary = ["bus", "bus", "taxi", "taxi", "truck"];
    private readonly DateTimeOffset start = new(TimeProvider.System.GetUtcNow().Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);
    private readonly Vehicle[] vehicles;
    private readonly CancellationTokenSource end = new();
    private readonly List<Task> hearing = [];
    private Thread? driving;

    /// <param name="Lon">Where its street begins.</param>
    private sealed record Vehicle(string Phone, double Lon, double Lat, double East, double North)
    {
        internal required Socket Socket { get; init; }

        internal ushort Serial { get; set; }

        // By tick: a fix is known again by its vehicle and its second.
        internal long[] SentAt { get; } = new long[MostTicks];

        internal long[] AcknowledgedAt { get; } = new long[MostTicks];

        internal Dictionary<ushort, int> TickOf { get; } = [];
    }

    internal const int MostTicks = 600;

    private MovingFleet(Vehicle[] vehicles) => this.vehicles = vehicles;

    internal int Count => vehicles.Length;

    /// <summary>How many seconds it has driven.</summary>
    internal int Ticks { get; private set; }

    /// <summary>What <c>devices import</c> takes.</summary>
    internal static string Table(int count) => "terminal,protocol,plate,kind,department,name\n" + string.Concat(Enumerable.Range(0, count).Select(
        static number => $"{Phone(number)},jt808,{Plate(number)},{Kind(number)},city,\n"));

    /// <summary>One of twenty is an emergency vehicle.</summary>
    private static string Kind(int number) => number % 20 == 0 ? Emergency[number / 20 % Emergency.Length] : Ordinary[number % Ordinary.Length];

    /// <summary>The plate by which a console knows vehicle so and so.</summary>
    internal static string Plate(int number) => string.Create(CultureInfo.InvariantCulture, $"鲁F{number + 10_000}");

    internal int? FindNumber(string plate) =>
        plate.StartsWith("鲁F", StringComparison.Ordinal) && int.TryParse(plate.AsSpan(2), CultureInfo.InvariantCulture, out int number) && number - 10_000 < Count
            ? number - 10_000
            : null;

    /// <summary>Connects and authenticates all of them.</summary>
    /// <param name="middleDegrees">They drive within so much of this place, evenly.</param>
    internal static async Task<MovingFleet> ConnectAsync(IPEndPoint server, int count, (double Lon, double Lat) middleDegrees, double reachDegrees)
    {
        var vehicles = new Vehicle[count];
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (number, _) =>
        {
            double angle = RandomNumberGenerator.GetInt32(360) * Math.PI / 180;
            double Somewhere() => ((RandomNumberGenerator.GetInt32(2_000_000) / 1e6) - 1) * reachDegrees;
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(server);
            Vehicle vehicle = vehicles[number] = new Vehicle(
                Phone(number), middleDegrees.Lon + Somewhere(), middleDegrees.Lat + (Somewhere() * 0.8), Math.Sin(angle), Math.Cos(angle))
            { Socket = socket };
            Send(vehicle, new Jt808Register(Jt808Edition.Of2013, 37, 501, "GEODI", "GD-1", "0000001", 2, Plate(number)));
            var registered = (Jt808RegisterReply)await HearAsync(socket);
            Send(vehicle, new Jt808Authenticate(registered.Code ?? throw new InvalidOperationException($"{vehicle.Phone} was not let in."), "860000000000001", "1.0"));
            await HearAsync(socket);
        });
        return new MovingFleet(vehicles);
    }

    /// <summary>Begins to drive, until this is disposed.</summary>
    internal void Drive()
    {
        foreach (Vehicle vehicle in vehicles)
        {
            hearing.Add(HearAllAsync(vehicle));
        }

        driving = new Thread(DriveAll) { IsBackground = true };
        driving.Start();
    }

    /// <summary>When the fix of a vehicle was sent and when it was acknowledged, by the stopwatch; 0 for not yet.</summary>
    internal (long SentAt, long AcknowledgedAt) Times(int number, int tick) =>
        (Volatile.Read(ref vehicles[number].SentAt[tick]), Volatile.Read(ref vehicles[number].AcknowledgedAt[tick]));

    /// <summary>The tick of a fix, by its time.</summary>
    internal int TickOf(DateTimeOffset time) => (int)Math.Round((time - start).TotalSeconds);

    internal (double Lon, double Lat) PlaceAt(int number, int tick)
    {
        Vehicle vehicle = vehicles[number];
        double way = tick * MetersPerSecond % (2 * LegMeters);
        double meters = way < LegMeters ? way : (2 * LegMeters) - way;
        return (vehicle.Lon + (meters * vehicle.East / (MetersPerDegree * Math.Cos(vehicle.Lat * Math.PI / 180))), vehicle.Lat + (meters * vehicle.North / MetersPerDegree));
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        driving?.Join();
        foreach (Vehicle vehicle in vehicles)
        {
            vehicle.Socket.Dispose();
        }

        await Task.WhenAll(hearing);
        end.Dispose();
    }

    private static string Phone(int number) => string.Create(CultureInfo.InvariantCulture, $"139{number:D8}");

    private void DriveAll()
    {
        long began = Stopwatch.GetTimestamp();
        for (long sent = 0; !end.IsCancellationRequested && sent < (long)vehicles.Length * MostTicks; sent++)
        {
            double dueMs = sent * 1000.0 / vehicles.Length, nowMs = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            if (dueMs > nowMs + 2)
            {
                Thread.Sleep((int)(dueMs - nowMs));
            }

            (int tick, int number) = ((int)(sent / vehicles.Length), (int)(sent % vehicles.Length));
            Report(vehicles[number], number, tick);
            Ticks = tick;
        }
    }

    private void Report(Vehicle vehicle, int number, int tick)
    {
        (double lon, double lat) = PlaceAt(number, tick);
        (double nextLon, double nextLat) = PlaceAt(number, tick + 1);
        int heading = ((int)Math.Round(Math.Atan2((nextLon - lon) * Math.Cos(lat * Math.PI / 180), nextLat - lat) * 180 / Math.PI) + 360) % 360;
        lock (vehicle.TickOf)
        {
            vehicle.TickOf[vehicle.Serial] = tick;
        }

        Volatile.Write(ref vehicle.SentAt[tick], Stopwatch.GetTimestamp());
        Send(vehicle, new Jt808Report(new Jt808Location(
            0, 3, (uint)Math.Round(lat * 1e6), (uint)Math.Round(lon * 1e6), 12, (ushort)(MetersPerSecond * 36), (ushort)heading, start.AddSeconds(tick), default)));
    }

    private static void Send(Vehicle vehicle, Jt808Message message)
    {
        var target = new ArrayBufferWriter<byte>(128);
        Jt808Framing.Write(target, new Jt808Header(message.Id, vehicle.Phone, vehicle.Serial++, Is2019: false), Jt808Encoder.Body(message, is2019: false));
        vehicle.Socket.Send(target.WrittenSpan);
    }

    private async Task HearAllAsync(Vehicle vehicle)
    {
        byte[] buffer = new byte[512];
        int held = 0;
        try
        {
            while (await vehicle.Socket.ReceiveAsync(buffer.AsMemory(held), end.Token) is > 0 and var read)
            {
                var bytes = new ReadOnlySequence<byte>(buffer, 0, held + read);
                while (Jt808Framing.TryRead(ref bytes, out Jt808Frame? frame, out _))
                {
                    if (frame is not null && Jt808Decoder.Read(frame) is Jt808Reply { Result: Jt808Result.Done } reply)
                    {
                        lock (vehicle.TickOf)
                        {
                            if (vehicle.TickOf.Remove(reply.ReplySerial, out int tick))
                            {
                                Volatile.Write(ref vehicle.AcknowledgedAt[tick], Stopwatch.GetTimestamp());
                            }
                        }
                    }
                }

                held = (int)bytes.Length;
                bytes.CopyTo(buffer);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The drive is over.
        }
    }

    private static async Task<Jt808Message> HearAsync(Socket socket)
    {
        byte[] buffer = new byte[512];
        for (int held = 0; ;)
        {
            int read = await socket.ReceiveAsync(buffer.AsMemory(held));
            if (read == 0)
            {
                throw new EndOfStreamException("The server closed the connection.");
            }

            held += read;
            var bytes = new ReadOnlySequence<byte>(buffer, 0, held);
            if (Jt808Framing.TryRead(ref bytes, out Jt808Frame? frame, out _) && frame is not null)
            {
                return Jt808Decoder.Read(frame)!;
            }
        }
    }
}
