using GeoDispatch.Dispatch.Assignments;

namespace GeoDispatch.Ems.Prealerts;

/// <summary>Whether a patient who was announced comes. Pure.</summary>
internal static class PrealertStanding
{
    internal const string Coming = "coming", Arrived = "arrived", HandedOver = "handedOver", Redirected = "redirected", NotTransported = "notTransported", Cancelled = "cancelled";

    /// <summary>Where the patient does not come any more, nobody there needs to know of him.</summary>
    internal static bool IsOff(string state) => state is Redirected or NotTransported or Cancelled;

    /// <summary>How it stands for one hospital.</summary>
    /// <param name="newest">The hospital that the newest pre-alert of the run names, and when it was sent.</param>
    internal static string Of(Guid hospitalId, (Guid HospitalId, DateTimeOffset At) newest, Journey journey)
    {
        if (journey.IsCancelled)
        {
            return Cancelled;
        }

        // On the way the newer word counts: that of leaving the scene, or a pre-alert since.
        Guid boundFor = journey.DestinationId is { } destination && !(journey.IsOnItsWay && newest.At > journey.Since) ? destination : newest.HospitalId;
        return boundFor != hospitalId ? Redirected
            : journey.IsHandingOver ? Arrived
            : journey.IsHandedOver ? HandedOver
            : journey.Active ? Coming
            : NotTransported;
    }
}
