using System.Net;
using GeoDispatch.Dispatch.Calls.Link;
using GeoDispatch.Dispatch.Recommendation;
using GeoDispatch.Ems.Hospitals;
using GeoDispatch.Identity.Quotas;
using GeoDispatch.Sharing.Load;
using GeoDispatch.Tracking.Devices;

namespace GeoDispatch.Host;

/// <summary>What the server is told at its start.</summary>
public sealed record ServerSettings
{
    /// <summary>Of the owner of the schemas; holds a password, never to be logged.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The folder of all state besides the database: keys, demo credentials.</summary>
    public required string Home { get; init; }

    /// <summary>The folder of tilesets and styles.</summary>
    public required string TilesFolder { get; init; }

    /// <summary>Bytes of cut tiles to keep in memory. Default 256 MB; 0 keeps none.</summary>
    public long TileMemoryBytes { get; init; } = 256L << 20;

    /// <summary>Bytes of cut tiles to keep under <see cref="Home"/>, in <c>tiles</c>, over restarts. Default 1 GB; 0 keeps none.</summary>
    public long TileDiskBytes { get; init; } = 1L << 30;

    /// <summary>
    /// So many raster tiles by so many are drawn in one go: 1, 2, 4 or 8. Default 4: a name across the edge of two tiles stands whole, and one
    /// reading serves sixteen.
    /// </summary>
    public int RasterBlock { get; init; } = 4;

    /// <summary>The built web console. Where the folder is absent, the server answers its interfaces alone.</summary>
    public string? ConsoleFolder { get; init; }

    /// <summary>Addresses to serve on, separated by semicolons.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:8080";

    /// <summary>
    /// The proxies in front, as addresses or networks: only from them is <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> believed. Default
    /// none: whoever connects is the caller.
    /// </summary>
    public IReadOnlyList<IPNetwork> Proxies { get; init; } = [];

    /// <summary>How much one caller may ask of the map.</summary>
    public QuotaSettings Quota { get; init; } = new();

    /// <summary>What the map may take of the machine.</summary>
    public MapLoadSettings MapLoad { get; init; } = new();

    /// <summary>Where terminals that speak JT/T 808 reach the server. Default nowhere.</summary>
    public Jt808Settings Jt808 { get; init; } = new();

    /// <summary>Where terminals that send NMEA 0183 reach the server. Default nowhere.</summary>
    public NmeaSettings Nmea { get; init; } = new();

    /// <summary>Where terminals that speak MQTT reach the server. Default nowhere.</summary>
    public MqttSettings Mqtt { get; init; } = new();

    /// <summary>How text messages reach callers. Default not at all.</summary>
    public CallerMessageSettings CallerMessages { get; init; } = new();

    /// <summary>The city's own protocols of triage, in place of ours or beside them. Default <c>protocols</c> under <see cref="Home"/>; need not be there.</summary>
    public string? ProtocolsFolder { get; init; }

    /// <summary>What a unit's own area and the cover of the city weigh where units are recommended.</summary>
    public RecommendationSettings Recommendation { get; init; } = new();

    /// <summary>What weighs how much where a hospital is chosen.</summary>
    public HospitalChoiceSettings HospitalChoice { get; init; } = new();

    /// <summary>The one clock of the process.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
