using System.Security.Cryptography;
using FsCheck.Xunit;
using GeoDispatch.Ems.Care;

namespace GeoDispatch.Ems.Tests.Care;

/// <summary>What is sealed opens where it belongs, unchanged, with its key, and not otherwise.</summary>
public sealed class PatientSealTests : IDisposable
{
    private const string Column = "ems_care.record.body";
    private static readonly Guid Patient = Guid.Parse("00000000-0000-0000-0000-00000000000a"), Row = Guid.Parse("00000000-0000-0000-0000-00000000000b");
    private readonly string folder = Directory.CreateTempSubdirectory("geodispatch-seal-").FullName;

    private string KeyFile => Path.Combine(folder, "patients", "keys");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Property(MaxTest = 50)]
    public void What_was_sealed_opens_and_no_changed_byte_of_it_does(byte[] plain, ushort at)
    {
        var seal = PatientSeal.OpenOrMake(KeyFile);
        byte[] value = seal.Seal(plain, Column, Patient, Row);
        Assert.Equal(plain, seal.Open(value, Column, Patient, Row));

        value[at % value.Length] ^= 1;

        Assert.ThrowsAny<CryptographicException>(() => seal.Open(value, Column, Patient, Row));
    }

    [Fact]
    public void It_opens_in_no_other_column_patient_or_row()
    {
        var seal = PatientSeal.OpenOrMake(KeyFile);
        byte[] value = seal.Seal([1, 2, 3], Column, Patient, Row);

        Assert.ThrowsAny<CryptographicException>(() => seal.Open(value, "ems_care.record.image", Patient, Row));
        Assert.ThrowsAny<CryptographicException>(() => seal.Open(value, Column, Row, Row));
        Assert.ThrowsAny<CryptographicException>(() => seal.Open(value, Column, Patient, Patient));
    }

    [Fact]
    public void After_a_new_key_the_old_one_still_opens_and_a_command_that_is_sent_again_is_known()
    {
        var before = PatientSeal.OpenOrMake(KeyFile);
        byte[] old = before.Seal([7], Column, Patient, Row), digest = before.Digest([9]);
        File.AppendAllText(KeyFile, $"00c0ffee {new string('5', 64)}\n");

        var after = PatientSeal.OpenOrMake(KeyFile);

        Assert.Equal([7], after.Open(old, Column, Patient, Row));
        Assert.Equal(digest, after.Digest([9]));
        Assert.Contains("00c0ffee", Assert.ThrowsAny<CryptographicException>(() => before.Open(after.Seal([7], Column, Patient, Row), Column, Patient, Row)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_servers_own_user_may_read_the_keys()
    {
        PatientSeal.OpenOrMake(KeyFile);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));

        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Assert.Contains("chmod 600", Assert.Throws<InvalidDataException>(() => PatientSeal.OpenOrMake(KeyFile)).Message, StringComparison.Ordinal);
    }
}
