using System.Globalization;
using System.Runtime.InteropServices;

namespace GeoDispatch.Postgres;

/// <summary>
/// Says to the operating system which threads of this machine go before which. On Linux alone, where .NET's own
/// <see cref="Thread.Priority"/> does nothing; elsewhere nothing happens, as where it is refused.
/// </summary>
public static class Precedence
{
    /// <summary>
    /// Of nice, for the map's work: a tenth of what others get when all want all. Not 19, the last: such a thread may hold a lock that
    /// dispatch waits for.
    /// </summary>
    public const int Niceness = 10;

    // A thread that wakes up waits until the slice of the one on its core is over, 1.4 ms on two cores, unless its own is shorter. An order
    // takes some seventy steps between the server and its database, and on a busy machine each would wait so. 0.1 ms is the shortest there
    // is (sched_setattr(2), sched_runtime; Linux 6.12 and later, earlier kernels take no notice).
    private const ulong PromptSlice = 100_000;
    private static readonly long Call = RuntimeInformation.ProcessArchitecture switch { Architecture.X64 => 314, Architecture.Arm64 => 274, _ => 0 };

    /// <summary>It runs as soon as it wakes up, for a short time; so do the threads that it begins.</summary>
    /// <param name="thread">The number that Linux gives it; 0 is the thread that calls, a process its first thread.</param>
    public static void Prompt(int thread) => Set(thread, nice: 0, PromptSlice);

    /// <summary>It runs when others leave it time.</summary>
    /// <inheritdoc cref="Prompt"/>
    public static void Background(int thread) => Set(thread, Niceness, slice: 0);

    /// <summary>
    /// All threads of this process, and those that they begin, run as soon as they wake up, but for the one that compiles code anew while
    /// the process runs: for minutes after a start it would take a third of a core from what is asked.
    /// </summary>
    public static void PromptThisProcess()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        foreach (string task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            int thread = int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture);
            try
            {
                Action<int> set = File.ReadAllText(Path.Combine(task, "comm")).StartsWith(".NET Tiered", StringComparison.Ordinal) ? Background : Prompt;
                set(thread);
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }
    }

    private static void Set(int thread, int nice, ulong slice)
    {
        if (OperatingSystem.IsLinux() && Call != 0)
        {
            var attributes = new Attributes { Size = (uint)Marshal.SizeOf<Attributes>(), Nice = nice, Runtime = slice };
            _ = syscall(Call, thread, ref attributes, 0);
        }
    }

    /// <summary>Of sched_setattr(2), its first version. A policy of 0 is the usual one; a runtime of 0 the system's own slice.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Attributes
    {
        public uint Size;
        public uint Policy;
        public ulong Flags;
        public int Nice;
        public uint Priority;
        public ulong Runtime;
        public ulong Deadline;
        public ulong Period;
    }

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern long syscall(long number, int thread, ref Attributes attributes, uint flags);
}
