using System.Buffers.Binary;

namespace GeoDispatch.Tracking.Devices.Jt808;

/// <summary>Reads the body of a message, of either side. Pure; raises nothing, whatever the bytes are.</summary>
internal static class Jt808Decoder
{
    /// <summary>Of one 0704: what a message of the largest size can hold.</summary>
    internal const int MostLocations = 2_400;

    /// <summary>Null where the body cannot be what the header says it is; <see cref="Jt808Other"/> where the number is not known.</summary>
    internal static Jt808Message? Read(Jt808Frame frame)
    {
        ReadOnlySpan<byte> body = frame.Body;
        ushort id = frame.Header.Id;
        return id switch
        {
            Jt808Reply.Terminal or Jt808Reply.Platform => body.Length < 5 ? null : new Jt808Reply(
                id == Jt808Reply.Terminal, Word(body), Word(body[2..]), (Jt808Result)body[4]),
            Jt808Bare.Heartbeat or Jt808Bare.Logout or Jt808Bare.AskPosition or Jt808Bare.AskParameters => new Jt808Bare(id),
            Jt808SendAgain.Number => body.Length < 3 || body.Length != 3 + 2 * body[2] ? null : new Jt808SendAgain(Word(body), ReadWords(body[3..])),
            Jt808Register.Number => ReadRegister(body, frame.Header.Is2019),
            Jt808RegisterReply.Number => body.Length < 3 ? null : new Jt808RegisterReply(
                Word(body), body[2], body[2] == 0 ? Jt808Fields.ReadText(body[3..]) : null),
            Jt808Authenticate.Number => ReadAuthenticate(body, frame.Header.Is2019),
            Jt808Report.Number => Jt808Fields.ReadLocation(frame.Body) is { } location ? new Jt808Report(location) : null,
            Jt808Batch.Number => ReadBatch(frame.Body),
            Jt808Position.Number => body.Length >= 2 && Jt808Fields.ReadLocation(frame.Body.AsMemory(2)) is { } position
                ? new Jt808Position(Word(body), position)
                : null,
            Jt808SetParameters.Number => ReadParameters(body) is { } set ? new Jt808SetParameters(set) : null,
            Jt808Parameters.Number => body.Length >= 2 && ReadParameters(body[2..]) is { } read ? new Jt808Parameters(Word(body), read) : null,
            // Where the interval is 0, nothing need follow.
            Jt808Track.Number => body.Length < 2 ? null : new Jt808Track(
                Word(body), body.Length < 6 ? 0 : BinaryPrimitives.ReadUInt32BigEndian(body[2..])),
            Jt808ConfirmAlarms.Number => body.Length < 6 ? null : new Jt808ConfirmAlarms(
                Word(body), BinaryPrimitives.ReadUInt32BigEndian(body[2..])),
            Jt808Text.Number => ReadText(body, frame.Header.Is2019),
            _ => new Jt808Other(id, frame.Body),
        };
    }

    /// <summary>The editions 2011 and 2013 differ in the model alone: what is too short for 20 bytes of it has 8.</summary>
    private static Jt808Register? ReadRegister(ReadOnlySpan<byte> body, bool is2019)
    {
        Jt808Edition edition = is2019 ? Jt808Edition.Of2019 : body.Length < 37 ? Jt808Edition.Of2011 : Jt808Edition.Of2013;
        (int maker, int model, int number) = Jt808Encoder.Lengths(edition);
        int plate = 4 + maker + model + number + 1;
        return body.Length < plate ? null : new Jt808Register(
            edition, Word(body), Word(body[2..]),
            Jt808Fields.ReadText(body.Slice(4, maker)),
            Jt808Fields.ReadText(body.Slice(4 + maker, model)),
            Jt808Fields.ReadText(body.Slice(4 + maker + model, number)),
            body[plate - 1],
            Jt808Fields.ReadText(body[plate..]));
    }

    private static Jt808Authenticate? ReadAuthenticate(ReadOnlySpan<byte> body, bool is2019)
    {
        if (!is2019)
        {
            return new Jt808Authenticate(Jt808Fields.ReadText(body));
        }

        if (body.Length < 1 || body.Length < 1 + body[0])
        {
            return null;
        }

        ReadOnlySpan<byte> rest = body[(1 + body[0])..];
        return new Jt808Authenticate(
            Jt808Fields.ReadText(body.Slice(1, body[0])),
            Jt808Fields.ReadText(rest[..Math.Min(15, rest.Length)]),
            Jt808Fields.ReadText(rest[Math.Min(15, rest.Length)..Math.Min(35, rest.Length)]));
    }

    private static Jt808Batch? ReadBatch(ReadOnlyMemory<byte> body)
    {
        if (body.Length < 3)
        {
            return null;
        }

        int count = Word(body.Span);
        bool isBackfill = body.Span[2] == 1;
        if (count > MostLocations)
        {
            return null;
        }

        var locations = new List<Jt808Location>();
        body = body[3..];
        for (int index = 0; index < count; index++)
        {
            if (body.Length < 2 || body.Length < 2 + Word(body.Span)
                || Jt808Fields.ReadLocation(body.Slice(2, Word(body.Span))) is not { } location)
            {
                return null;
            }

            locations.Add(location);
            body = body[(2 + Word(body.Span))..];
        }

        return body.IsEmpty ? new Jt808Batch(isBackfill, locations) : null;
    }

    private static List<Jt808Parameter>? ReadParameters(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return null;
        }

        var parameters = new List<Jt808Parameter>();
        int at = 1;
        for (int index = 0; index < body[0]; index++)
        {
            if (body.Length < at + 5 || body.Length < at + 5 + body[at + 4])
            {
                return null;
            }

            parameters.Add(new Jt808Parameter(
                BinaryPrimitives.ReadUInt32BigEndian(body[at..]), body.Slice(at + 5, body[at + 4]).ToArray()));
            at += 5 + body[at + 4];
        }

        return parameters;
    }

    private static Jt808Text? ReadText(ReadOnlySpan<byte> body, bool is2019)
    {
        int text = is2019 ? 2 : 1;
        return body.Length < text ? null : new Jt808Text(body[0], is2019 ? body[1] : null, Jt808Fields.ReadText(body[text..]));
    }

    private static ushort[] ReadWords(ReadOnlySpan<byte> bytes)
    {
        ushort[] words = new ushort[bytes.Length / 2];
        for (int index = 0; index < words.Length; index++)
        {
            words[index] = Word(bytes[(2 * index)..]);
        }

        return words;
    }

    private static ushort Word(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
