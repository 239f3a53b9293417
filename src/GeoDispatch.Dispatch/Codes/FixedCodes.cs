namespace GeoDispatch.Dispatch.Codes;

/// <summary>A code that the log holds for ever, and what it means. New ones come with a new version of the product.</summary>
internal sealed record NamedCode(string Code, string Name, string NameEn);

/// <summary>Codes that the product itself acts on, and which therefore are not data.</summary>
internal static class FixedCodes
{
    /// <summary>How an incident ended that was merged into another one.</summary>
    internal const string Duplicate = "duplicate";

    /// <summary>The type of incident that is no emergency.</summary>
    internal const string Transfer = "transfer";

    /// <summary>How an incident ended.</summary>
    internal static readonly NamedCode[] Dispositions =
    [
        new("transported", "已送医", "Transported"), new("treatedOnScene", "现场处置", "Treated on scene"), new("refused", "患者拒送", "Refused transport"),
        new("noPatient", "无患者", "No patient"), new("cancelledByCaller", "来电人取消", "Cancelled by caller"), new("other", "其他", "Other"),
        new(Duplicate, "重复并案", "Duplicate, merged"),
    ];

    /// <summary>What somebody on a unit is.</summary>
    internal static readonly NamedCode[] CrewRoles =
    [
        new("doctor", "医生", "Doctor"), new("nurse", "护士", "Nurse"), new("paramedic", "急救员", "Paramedic"), new("stretcher", "担架员", "Stretcher bearer"),
        new("driver", "驾驶员", "Driver"), new("leader", "班长", "Crew leader"), new("firefighter", "消防员", "Firefighter"), new("officer", "民警", "Officer"),
        new("technician", "抢修员", "Technician"), new("other", "其他", "Other"),
    ];
}
