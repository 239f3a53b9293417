using System.Buffers;
using System.Buffers.Binary;

namespace GeoDispatch.Tracking.Devices.Jt808;

/// <summary>Writes the body of a message: what the server sends, and what a terminal does, for the simulation and the tests.</summary>
internal static class Jt808Encoder
{
    /// <summary>Bytes of maker, model and terminal id in 0100.</summary>
    internal static (int Maker, int Model, int Number) Lengths(Jt808Edition edition) => edition switch
    {
        Jt808Edition.Of2011 => (5, 8, 7),
        Jt808Edition.Of2013 => (5, 20, 7),
        _ => (11, 30, 30),
    };

    /// <summary>The whole message between its flags, in parts where it is long.</summary>
    internal static byte[] Frame(string phone, ushort serial, bool is2019, Jt808Message message)
    {
        var target = new ArrayBufferWriter<byte>(64);
        Jt808Framing.WriteMessage(target, new Jt808Header(message.Id, phone, serial, is2019), Body(message, is2019));
        return target.WrittenSpan.ToArray();
    }

    internal static byte[] Body(Jt808Message message, bool is2019)
    {
        var target = new ArrayBufferWriter<byte>(64);
        switch (message)
        {
            case Jt808Reply reply:
                Word(target, reply.ReplySerial);
                Word(target, reply.ReplyId);
                Byte(target, (byte)reply.Result);
                break;
            case Jt808SendAgain again:
                Word(target, again.FirstSerial);
                Byte(target, (byte)again.Parts.Count);
                foreach (ushort part in again.Parts)
                {
                    Word(target, part);
                }

                break;
            case Jt808Register register:
                Register(target, register);
                break;
            case Jt808RegisterReply reply:
                Word(target, reply.ReplySerial);
                Byte(target, reply.Result);
                target.Write(Jt808Fields.Gbk.GetBytes(reply.Code ?? ""));
                break;
            case Jt808Authenticate authenticate:
                Authenticate(target, authenticate, is2019);
                break;
            case Jt808Report report:
                target.Write(Jt808Fields.WriteLocation(report.Location));
                break;
            case Jt808Position position:
                Word(target, position.ReplySerial);
                target.Write(Jt808Fields.WriteLocation(position.Location));
                break;
            case Jt808Batch batch:
                Batch(target, batch);
                break;
            case Jt808SetParameters set:
                Parameters(target, set.Parameters);
                break;
            case Jt808Parameters parameters:
                Word(target, parameters.ReplySerial);
                Parameters(target, parameters.Parameters);
                break;
            case Jt808Track track:
                Word(target, track.IntervalSeconds);
                if (track.IntervalSeconds > 0)
                {
                    Long(target, track.ValiditySeconds);
                }

                break;
            case Jt808ConfirmAlarms confirm:
                Word(target, confirm.Serial);
                Long(target, confirm.Alarms);
                break;
            case Jt808Text text:
                Byte(target, text.Flags);
                if (is2019)
                {
                    Byte(target, text.Kind ?? 1);
                }

                target.Write(Jt808Fields.Gbk.GetBytes(text.Text));
                break;
            case Jt808Other other:
                target.Write(other.Body);
                break;
        }

        return target.WrittenSpan.ToArray();
    }

    private static void Register(ArrayBufferWriter<byte> target, Jt808Register register)
    {
        (int maker, int model, int number) = Lengths(register.Edition);
        Word(target, register.Province);
        Word(target, register.County);
        target.Write(Jt808Fields.Padded(register.Maker, maker));
        target.Write(Jt808Fields.Padded(register.Model, model));
        target.Write(Jt808Fields.Padded(register.TerminalId, number));
        Byte(target, register.PlateColour);
        target.Write(Jt808Fields.Gbk.GetBytes(register.Plate));
    }

    private static void Authenticate(ArrayBufferWriter<byte> target, Jt808Authenticate authenticate, bool is2019)
    {
        byte[] code = Jt808Fields.Gbk.GetBytes(authenticate.Code);
        if (!is2019)
        {
            target.Write(code);
            return;
        }

        Byte(target, (byte)code.Length);
        target.Write(code);
        target.Write(Jt808Fields.Padded(authenticate.Imei ?? "", 15));
        target.Write(Jt808Fields.Padded(authenticate.Software ?? "", 20));
    }

    private static void Batch(ArrayBufferWriter<byte> target, Jt808Batch batch)
    {
        Word(target, (ushort)batch.Locations.Count);
        Byte(target, batch.IsBackfill ? (byte)1 : (byte)0);
        foreach (Jt808Location location in batch.Locations)
        {
            byte[] body = Jt808Fields.WriteLocation(location);
            Word(target, (ushort)body.Length);
            target.Write(body);
        }
    }

    private static void Parameters(ArrayBufferWriter<byte> target, IReadOnlyList<Jt808Parameter> parameters)
    {
        Byte(target, (byte)parameters.Count);
        foreach (Jt808Parameter parameter in parameters)
        {
            Long(target, parameter.Id);
            Byte(target, (byte)parameter.Value.Length);
            target.Write(parameter.Value);
        }
    }

    private static void Byte(ArrayBufferWriter<byte> target, byte value) => target.Write([value]);

    private static void Word(ArrayBufferWriter<byte> target, ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(target.GetSpan(2), value);
        target.Advance(2);
    }

    private static void Long(ArrayBufferWriter<byte> target, uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(target.GetSpan(4), value);
        target.Advance(4);
    }
}
