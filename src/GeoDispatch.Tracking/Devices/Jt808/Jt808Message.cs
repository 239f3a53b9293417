namespace GeoDispatch.Tracking.Devices.Jt808;

/// <summary>What one side tells the other, in the words of JT/T 808. <see cref="Jt808Decoder"/> reads it, <see cref="Jt808Encoder"/> writes it.</summary>
/// <param name="Id">The message's number.</param>
internal abstract record Jt808Message(ushort Id);

/// <summary>What became of a message, in 0001 and 8001.</summary>
internal enum Jt808Result : byte
{
    /// <summary>Done; of a fix: it is stored.</summary>
    Done = 0,

    /// <summary>Not done.</summary>
    Failed = 1,

    /// <summary>The message was not understood, or says what cannot be.</summary>
    Wrong = 2,

    /// <summary>Not known to the receiver.</summary>
    Unsupported = 3,
}

/// <summary>0001, 8001: the general answer of either side.</summary>
internal sealed record Jt808Reply(bool FromTerminal, ushort ReplySerial, ushort ReplyId, Jt808Result Result)
    : Jt808Message(FromTerminal ? Terminal : Platform)
{
    internal const ushort Terminal = 0x0001;
    internal const ushort Platform = 0x8001;
}

/// <summary>0002, 0003, 8104, 8201: a message without a body.</summary>
internal sealed record Jt808Bare(ushort Id) : Jt808Message(Id)
{
    internal const ushort Heartbeat = 0x0002;
    internal const ushort Logout = 0x0003;
    internal const ushort AskParameters = 0x8104;
    internal const ushort AskPosition = 0x8201;
}

/// <summary>How long the fields of a registration are: they grew with each edition.</summary>
internal enum Jt808Edition
{
    /// <summary>8 bytes of model.</summary>
    Of2011,

    /// <summary>20 bytes of model.</summary>
    Of2013,

    /// <summary>11 bytes of maker, 30 of model, 30 of the terminal's id.</summary>
    Of2019,
}

/// <summary>8003: parts of a long message that did not come.</summary>
/// <param name="FirstSerial">Of the message's first part.</param>
/// <param name="Parts">Which to send again, from 1.</param>
internal sealed record Jt808SendAgain(ushort FirstSerial, IReadOnlyList<ushort> Parts) : Jt808Message(Number)
{
    internal const ushort Number = 0x8003;
}

/// <summary>0100.</summary>
/// <param name="Edition">Told by the header and the length.</param>
/// <param name="Province">The first two digits of GB/T 2260.</param>
/// <param name="County">The other four.</param>
/// <param name="Maker">As the maker wrote it.</param>
/// <param name="Model">As the maker wrote it.</param>
/// <param name="TerminalId">The maker's number of this terminal.</param>
/// <param name="PlateColour">By JT/T 415; 0 where <paramref name="Plate"/> is the number of the chassis.</param>
/// <param name="Plate">The vehicle's number plate.</param>
internal sealed record Jt808Register(
    Jt808Edition Edition, ushort Province, ushort County, string Maker, string Model, string TerminalId, byte PlateColour, string Plate)
    : Jt808Message(Number)
{
    internal const ushort Number = 0x0100;
}

/// <summary>8100.</summary>
/// <param name="ReplySerial">Of the registration.</param>
/// <param name="Result">0 done, 1 the vehicle and 3 the terminal is registered already, 2 no such vehicle, 4 no such terminal.</param>
/// <param name="Code">What the terminal authenticates by; only where the result is 0.</param>
internal sealed record Jt808RegisterReply(ushort ReplySerial, byte Result, string? Code) : Jt808Message(Number)
{
    internal const ushort Number = 0x8100;
    internal const byte TerminalRegistered = 3;
    internal const byte NoSuchTerminal = 4;

    /// <summary>Without the code, which is a secret.</summary>
    public override string ToString() => $"8100 to {ReplySerial}: {Result}";
}

/// <summary>0102.</summary>
/// <param name="Code">From <see cref="Jt808RegisterReply"/>.</param>
/// <param name="Imei">2019 alone.</param>
/// <param name="Software">2019 alone: the version.</param>
internal sealed record Jt808Authenticate(string Code, string? Imei = null, string? Software = null) : Jt808Message(Number)
{
    internal const ushort Number = 0x0102;

    /// <summary>Without the code, which is a secret.</summary>
    public override string ToString() => $"0102 {Imei} {Software}";
}

/// <summary>0200.</summary>
internal sealed record Jt808Report(Jt808Location Location) : Jt808Message(Number)
{
    internal const ushort Number = 0x0200;
}

/// <summary>0704: what was kept while there was no network, or gathered to send at once.</summary>
/// <param name="IsBackfill">Sent late.</param>
/// <param name="Locations">In the order of the message, which need not be that of time.</param>
internal sealed record Jt808Batch(bool IsBackfill, IReadOnlyList<Jt808Location> Locations) : Jt808Message(Number)
{
    internal const ushort Number = 0x0704;
}

/// <summary>0201: the answer to 8201.</summary>
internal sealed record Jt808Position(ushort ReplySerial, Jt808Location Location) : Jt808Message(Number)
{
    internal const ushort Number = 0x0201;
}

/// <summary>One setting of a terminal; its value is big-endian, or text in GBK.</summary>
internal readonly record struct Jt808Parameter(uint Id, byte[] Value);

/// <summary>8103.</summary>
internal sealed record Jt808SetParameters(IReadOnlyList<Jt808Parameter> Parameters) : Jt808Message(Number)
{
    internal const ushort Number = 0x8103;
}

/// <summary>0104: the answer to 8104.</summary>
internal sealed record Jt808Parameters(ushort ReplySerial, IReadOnlyList<Jt808Parameter> Parameters) : Jt808Message(Number)
{
    internal const ushort Number = 0x0104;
}

/// <summary>8202: report each so many seconds, for so many; an interval of 0 ends it.</summary>
internal sealed record Jt808Track(ushort IntervalSeconds, uint ValiditySeconds) : Jt808Message(Number)
{
    internal const ushort Number = 0x8202;
}

/// <summary>8203: alarms that a person has seen.</summary>
/// <param name="Serial">Of the report that raised them; 0 for all.</param>
/// <param name="Alarms">Their bits in 0200.</param>
internal sealed record Jt808ConfirmAlarms(ushort Serial, uint Alarms) : Jt808Message(Number)
{
    internal const ushort Number = 0x8203;
}

/// <summary>8300: words for the driver.</summary>
/// <param name="Flags">Bit 0 urgent, 2 on the display, 3 read aloud.</param>
/// <param name="Kind">2019 alone: 1 a notice, 2 a service.</param>
/// <param name="Text">At most 1,024 bytes of GBK.</param>
internal sealed record Jt808Text(byte Flags, byte? Kind, string Text) : Jt808Message(Number)
{
    internal const ushort Number = 0x8300;
    internal const int MostBytes = 1024;
}

/// <summary>Whatever else came, as it came.</summary>
internal sealed record Jt808Other(ushort Id, byte[] Body) : Jt808Message(Id);
