using System.Security.Cryptography;
using System.Text;

namespace GeoDispatch.Dispatch.Streams;

/// <summary>Ids of commands that a sender knows by a name of his own: the same name is the same command.</summary>
internal static class DerivedId
{
    /// <summary>A UUID of version 8 (RFC 9562): 122 bits of SHA-256 of the parts.</summary>
    internal static Guid Of(params string[] parts)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)));
        (hash[6], hash[8]) = ((byte)((hash[6] & 0x0f) | 0x80), (byte)((hash[8] & 0x3f) | 0x80));
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
