using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using GeoDispatch.Tracking.Devices;
using Microsoft.Extensions.Logging;

namespace GeoDispatch.Tracking.Fixes;

/// <summary>
/// The trace of what was not stored, whatever protocol brought it: most devices cannot tell anybody that they were refused, and some have to be
/// acknowledged all the same. Counted as <c>fixes.refused</c> by code; the log names each device once an hour.
/// </summary>
internal sealed partial class RefusedFixes(TimeProvider clock, ILogger<RefusedFixes> log)
{
    internal const string MeterName = "GeoDispatch.Tracking";

    // Far more devices than a city has; past that everybody is named anew.
    private const int MostNamed = 50_000;
    private static readonly TimeSpan NamedFor = TimeSpan.FromHours(1);
    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Refused = Meter.CreateCounter<long>("fixes.refused", "{fix}", "Fixes that were not stored, by code");
    private readonly ConcurrentDictionary<Guid, long> named = new();

    internal void Count(DeviceIdentity device, IReadOnlyList<RefusedFix> refused)
    {
        foreach (RefusedFix one in refused)
        {
            Refused.Add(1, new KeyValuePair<string, object?>("code", one.Problem.Code));
        }

        if (refused.Count == 0 || (named.TryGetValue(device.DeviceId, out long at) && clock.GetElapsedTime(at) < NamedFor))
        {
            return;
        }

        if (named.Count >= MostNamed)
        {
            named.Clear();
        }

        named[device.DeviceId] = clock.GetTimestamp();
        LogRefused(log, device.Plate, device.DeviceId, refused.Count, refused[0].Problem.Code, refused[0].Problem.Detail);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Of {Plate} (device {DeviceId}) {Count} fixes were not stored: {Code}, {Detail}. More of it within the hour is counted alone.")]
    private static partial void LogRefused(ILogger logger, string plate, Guid deviceId, int count, string code, string detail);
}
