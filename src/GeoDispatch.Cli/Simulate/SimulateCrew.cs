using System.Globalization;
using GeoDispatch.Spatial;
using GeoDispatch.Tracking.Fixes;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Cli.Simulate;

internal sealed record PointView(double Lon, double Lat);

internal sealed record UnitView(Guid Id, double StationLon, double StationLat, PointView? Position, string Agency);

internal sealed record IncidentView(Guid Id, string Number, PointView Place);

internal sealed record AssignmentView(Guid Id, string Status, Guid? DestinationId, bool Active);

internal sealed record TaskView(UnitView Unit, IncidentView? Incident, AssignmentView? Assignment);

internal sealed record RouteView(double Seconds, double Meters, double[][] Geometry);

internal sealed record TargetView(Guid Id, string Name, double Lon, double Lat);

internal sealed record HospitalsView(TargetView[] Hospitals);

internal sealed record DestinationsView(TargetView[] Destinations);

/// <summary>
/// A crew: reads its task, drives where the task says, and presses each milestone when a person would. It keeps no plan of
/// its own: the task that the server gives says what comes next, so either side may restart, and a task may be withdrawn.
/// </summary>
internal sealed class SimulateCrew : IAsyncDisposable
{
    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);
    private const double StraightMetersPerSecond = 40 / 3.6;
    private const double AtStationMeters = 250;
    private const int IdleSecondsBetweenFixes = 10;

    private readonly CrewCredentials credentials;
    private readonly SimulateContext context;
    private readonly SimulateSession session;
    private readonly SimulateDevice device;
    private readonly HubConnection changes;
    private volatile bool changed = true;
    private volatile bool idle = true;
    private (Guid? Assignment, string? Status) doing = (Guid.Empty, null);
    private long doingSince;

    internal SimulateCrew(CrewCredentials credentials, SimulateContext context)
    {
        this.credentials = credentials;
        this.context = context;
        session = new SimulateSession(credentials, context);
        device = new SimulateDevice(credentials, context);
        changes = new HubConnectionBuilder()
            .WithUrl(new Uri(context.Server, "/hubs/incidents"), options => options.Cookies = session.Cookies)
            .WithAutomaticReconnect(new SimulateBackOff())
            .Build();
        changes.On<ChangeView>("changed", change => changed |= change.UnitIds?.Contains(credentials.UnitId) != false);
    }

    private sealed record ChangeView(Guid[]? UnitIds);

    private sealed record Pressed(Guid CommandId, string Milestone, Guid? DestinationId);

    private TimeProvider Time => context.Clock.Time;

    /// <summary>Works until stopped.</summary>
    internal async Task RunAsync(CancellationToken cancellation)
    {
        TaskView first = await ReadTaskAsync(cancellation);
        PointView start = first.Unit.Position ?? new PointView(first.Unit.StationLon, first.Unit.StationLat);
        var vehicle = new SimulateVehicle(context, new LonLat(start.Lon, start.Lat));
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] parts =
        [
            device.RunAsync(stopping.Token),
            ListenAsync(stopping.Token),
            MeasureAsync(vehicle, stopping.Token),
            WorkAsync(first, vehicle, stopping.Token),
        ];
        Task ended = await Task.WhenAny(parts);
        await stopping.CancelAsync();
        await ((Task)Task.WhenAll(parts)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ended;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await changes.DisposeAsync();
        await device.DisposeAsync();
        session.Dispose();
    }

    private async Task WorkAsync(TaskView task, SimulateVehicle vehicle, CancellationToken cancellation)
    {
        long readAt = Time.GetTimestamp();
        while (true)
        {
            if (await StepAsync(task, vehicle, cancellation) || changed || Time.GetElapsedTime(readAt) >= ReadEvery)
            {
                changed = false;
                task = await ReadTaskAsync(cancellation);
                readAt = Time.GetTimestamp();
            }

            await Task.Delay(Beat, Time, cancellation);
        }
    }

    /// <returns>True where the task has to be read again.</returns>
    private async Task<bool> StepAsync(TaskView task, SimulateVehicle vehicle, CancellationToken cancellation)
    {
        AssignmentView? assignment = task.Assignment is { Active: true } && task.Incident is not null ? task.Assignment : null;
        if (doing != (assignment?.Id, assignment?.Status))
        {
            await SetOutAsync(task, assignment, vehicle, cancellation);
            doing = (assignment?.Id, assignment?.Status);
            doingSince = Time.GetTimestamp();
        }

        idle = assignment is null && vehicle.HasArrived;
        if (assignment is null || Next(assignment.Status, task.Unit.Agency == "ems") is not var (milestone, waitSeconds)
            || !vehicle.HasArrived || Time.GetElapsedTime(doingSince).TotalSeconds < waitSeconds / context.Pace)
        {
            return false;
        }

        Guid? destinationId = milestone == "leftScene" ? (await NearestHospitalAsync(vehicle, cancellation))?.Id : null;
        if (milestone != "leftScene" || destinationId is not null)
        {
            await PressAsync(assignment, new Pressed(Guid.NewGuid(), milestone, destinationId), cancellation);
        }

        return true;
    }

    /// <summary>What a crew presses after each status, and how many seconds it takes to get to it once it has arrived.</summary>
    /// <param name="transports">An ambulance takes somebody to hospital; others are free again from the scene.</param>
    private static (string Milestone, double WaitSeconds)? Next(string status, bool transports) => status switch
    {
        "notified" => ("acknowledged", 3),
        "acknowledged" => ("enRoute", 10),
        "enRoute" => ("onScene", 0),
        "onScene" when !transports => ("available", 120),
        "onScene" => ("atPatient", 20),
        "atPatient" => ("leftScene", 60),
        "leftScene" => ("atDestination", 0),
        "atDestination" => ("handedOver", 60),
        "handedOver" => ("available", 0),
        _ => null,
    };

    private async Task SetOutAsync(TaskView task, AssignmentView? assignment, SimulateVehicle vehicle, CancellationToken cancellation)
    {
        PointView? target = assignment?.Status switch
        {
            null => new PointView(task.Unit.StationLon, task.Unit.StationLat),
            "enRoute" => task.Incident!.Place,
            "leftScene" => await FindDestinationAsync(assignment.DestinationId, cancellation),
            _ => null,
        };
        if (target is null)
        {
            vehicle.Stand();
            return;
        }

        var to = new LonLat(target.Lon, target.Lat);
        LonLat from = vehicle.Now.At;
        double apart = Geodesy.DistanceMeters(from, to);
        if (assignment is null && apart < AtStationMeters)
        {
            // The street's end is a few steps from the station's door.
            vehicle.Follow([to], 1);
            return;
        }

        Answer<RouteView> route = await session.GetAsync<RouteView>(
            string.Create(CultureInfo.InvariantCulture, $"/api/roads/route?from={from.Lon},{from.Lat}&to={to.Lon},{to.Lat}"), cancellation);
        if (route.Value is { Geometry.Length: > 0 } way)
        {
            vehicle.Follow([.. way.Geometry.Select(static point => new LonLat(point[0], point[1]))], way.Seconds);
        }
        else
        {
            // Where no street leads, the crew still has to get there.
            vehicle.Follow([from, to], apart / StraightMetersPerSecond);
        }
    }

    private async Task PressAsync(AssignmentView assignment, Pressed pressed, CancellationToken cancellation)
    {
        Answer<IncidentView> answer = await session.PostAsync<IncidentView>(
            $"/api/assignments/{assignment.Id:D}/milestones", pressed, cancellation);
        if (answer.Code is null && answer.Status < 300)
        {
            context.Journal?.Command(pressed.CommandId);
            Console.WriteLine($"{context.Clock.Now:HH:mm:ss} {credentials.CallSign,-8} {answer.Value?.Number,-6} {pressed.Milestone}");
            return;
        }

        // Somebody else pressed it, or the task was withdrawn: what the server says next counts.
        if (answer.Code != "milestone.out_of_order" || answer.Tries == 1)
        {
            await Console.Error.WriteLineAsync($"{credentials.CallSign}: {pressed.Milestone}: {answer.Status} {answer.Code}");
        }

        await Task.Delay(ReadEvery, Time, cancellation);
    }

    private async Task<TaskView> ReadTaskAsync(CancellationToken cancellation)
    {
        for (int tries = 0; ; tries++)
        {
            Answer<TaskView> answer = await session.GetAsync<TaskView>($"/api/units/{credentials.UnitId:D}/task", cancellation);
            if (answer.Value is { Unit: not null } task)
            {
                return task;
            }

            await Console.Error.WriteLineAsync($"{credentials.CallSign}: task: {answer.Status} {answer.Code}");
            await Task.Delay(SimulateBackOff.After(tries), Time, cancellation);
        }
    }

    private async Task<TargetView?> NearestHospitalAsync(SimulateVehicle vehicle, CancellationToken cancellation)
    {
        LonLat here = vehicle.Now.At;
        return (await session.GetAsync<HospitalsView>("/api/hospitals", cancellation)).Value?.Hospitals
            .MinBy(hospital => Geodesy.DistanceMeters(here, new LonLat(hospital.Lon, hospital.Lat)));
    }

    private async Task<PointView?> FindDestinationAsync(Guid? destinationId, CancellationToken cancellation) =>
        (await session.GetAsync<DestinationsView>("/api/destinations", cancellation)).Value?.Destinations
            .FirstOrDefault(destination => destination.Id == destinationId) is { } found ? new PointView(found.Lon, found.Lat) : null;

    private async Task MeasureAsync(SimulateVehicle vehicle, CancellationToken cancellation)
    {
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1), Time);
        DateTimeOffset last = DateTimeOffset.MinValue;
        for (int sinceFix = IdleSecondsBetweenFixes; await second.WaitForNextTickAsync(cancellation); sinceFix++)
        {
            DateTimeOffset now = context.Clock.Now;
            if ((idle && sinceFix < IdleSecondsBetweenFixes) || now == last)
            {
                continue;
            }

            VehiclePlace place = vehicle.Now;
            device.Add(new AvlFix(now, place.At.Lon, place.At.Lat, place.SpeedKmh, place.HeadingDegrees, 5));
            (last, sinceFix) = (now, 0);
        }
    }

    /// <summary>Hears of changes at once; without it the crew still reads its task every two seconds.</summary>
    private async Task ListenAsync(CancellationToken cancellation)
    {
        for (int tries = 0; ; tries++)
        {
            try
            {
                if (changes.State == HubConnectionState.Disconnected)
                {
                    await changes.StartAsync(cancellation);
                    (changed, tries) = (true, 0);
                }
            }
            catch (Exception failure) when (SimulateBackOff.IsPassing(failure, cancellation))
            {
                // Tried again below.
            }

            await Task.Delay(tries == 0 ? ReadEvery : SimulateBackOff.After(tries), Time, cancellation);
        }
    }
}
