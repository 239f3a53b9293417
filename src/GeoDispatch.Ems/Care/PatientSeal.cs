using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace GeoDispatch.Ems.Care;

/// <summary>
/// Seals what patients are, so that a copy of the database tells nobody: AES-256 in GCM (NIST SP 800-38D) under keys that lie in a file of their own. A
/// value names its key, so that keys can be changed, and opens in its own column and row alone.
/// </summary>
internal sealed class PatientSeal
{
    private const byte Form = 1;
    private const int KeyBytes = 32, NonceBytes = 12, TagBytes = 16, HeadBytes = 1 + sizeof(uint), MostFileBytes = 64 * 1024;

    private readonly string file;
    private readonly Dictionary<uint, byte[]> keys;
    private readonly uint newest;
    private readonly byte[] digestKey;

    private PatientSeal(string file, IReadOnlyList<(uint Id, byte[] Key)> ring)
    {
        this.file = file;
        keys = ring.ToDictionary(static one => one.Id, static one => one.Key);
        newest = ring[^1].Id;
        // Of the oldest key, which stays as long as anything that was sealed: a command that is sent again is known after a new key, too.
        digestKey = HKDF.Expand(HashAlgorithmName.SHA256, ring[0].Key, KeyBytes, "digest"u8.ToArray());
    }

    /// <summary>Reads the keys, or makes the first one where there is no file yet.</summary>
    /// <param name="file">
    /// One key a line, the newest last: its id in 8 hexadecimal digits, a space, 64 digits. Nobody but the server's own user may read it.
    /// </param>
    /// <exception cref="InvalidDataException">The file is none of keys, or others may read it.</exception>
    internal static PatientSeal OpenOrMake(string file)
    {
        if (!File.Exists(file))
        {
            Make(file);
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != UnixFileMode.None)
        {
            throw new InvalidDataException($"{file}: 患者数据密钥只能由服务账号读写(chmod 600)/ The keys of patients' data must be readable by the server's user alone (chmod 600)");
        }

        string[] lines = new FileInfo(file).Length > MostFileBytes ? [] : [.. File.ReadLines(file).Where(static line => !string.IsNullOrWhiteSpace(line))];
        (uint Id, byte[] Key)?[] ring = [.. lines.Select(FindKey)];
        return ring.Length > 0 && ring.All(static one => one is not null) && ring.DistinctBy(static one => one!.Value.Id).Count() == ring.Length
            ? new PatientSeal(file, [.. ring.Select(static one => one!.Value)])
            : throw new InvalidDataException($"{file}: 不是患者数据密钥文件 / Not a file of keys of patients' data: each line an id of 8 and a key of 64 hexadecimal digits");
    }

    /// <param name="column">Where it will be kept, such as <c>ems_care.record.body</c>.</param>
    /// <param name="row">Id of the row of it.</param>
    internal byte[] Seal(ReadOnlySpan<byte> plain, string column, Guid patientId, Guid row)
    {
        byte[] result = new byte[HeadBytes + NonceBytes + plain.Length + TagBytes];
        result[0] = Form;
        BinaryPrimitives.WriteUInt32BigEndian(result.AsSpan(1), newest);
        Span<byte> nonce = result.AsSpan(HeadBytes, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(keys[newest], TagBytes);
        aes.Encrypt(nonce, plain, result.AsSpan(HeadBytes + NonceBytes, plain.Length), result.AsSpan(^TagBytes..), Place(column, patientId, row));
        return result;
    }

    /// <exception cref="CryptographicException">It was changed, belongs elsewhere, or its key is not in the file.</exception>
    internal byte[] Open(ReadOnlySpan<byte> value, string column, Guid patientId, Guid row)
    {
        if (value.Length < HeadBytes + NonceBytes + TagBytes || value[0] != Form)
        {
            throw new CryptographicException($"{column} {row:D}: not a sealed value");
        }

        uint id = BinaryPrimitives.ReadUInt32BigEndian(value[1..]);
        if (!keys.TryGetValue(id, out byte[]? key))
        {
            throw new CryptographicException($"{column} {row:D}: key {id:x8} is not in {file}");
        }

        byte[] plain = new byte[value.Length - HeadBytes - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(
            value.Slice(HeadBytes, NonceBytes), value[(HeadBytes + NonceBytes)..^TagBytes], value[^TagBytes..], plain, Place(column, patientId, row));
        return plain;
    }

    /// <summary>A digest that only who has the keys can make: of 11 digits of a telephone, a plain one is soon guessed.</summary>
    internal byte[] Digest(ReadOnlySpan<byte> content) => HMACSHA256.HashData(digestKey, content);

    private static byte[] Place(string column, Guid patientId, Guid row) => Encoding.UTF8.GetBytes($"{column}|{patientId:D}|{row:D}");

    private static (uint Id, byte[] Key)? FindKey(string line) =>
        line.Trim().Split(' ') is [{ Length: 8 } id, { Length: 2 * KeyBytes } key] && key.All(char.IsAsciiHexDigit)
            && uint.TryParse(id, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint number)
            ? (number, Convert.FromHexString(key))
            : null;

    /// <summary>Written beside and moved: a start that is cut off leaves no half of a key. Of two that start at once, the first one's counts.</summary>
    private static void Make(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        string making = $"{file}.{Guid.NewGuid():N}";
        string line = $"{RandomNumberGenerator.GetHexString(8, lowercase: true)} {RandomNumberGenerator.GetHexString(2 * KeyBytes, lowercase: true)}\n";
        using (var stream = new FileStream(making, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = OperatingSystem.IsWindows() ? null : UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            stream.Write(Encoding.ASCII.GetBytes(line));
            stream.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(making, file);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(making);
        }
    }
}
