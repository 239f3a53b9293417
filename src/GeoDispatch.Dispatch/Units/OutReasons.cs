using GeoDispatch.Dispatch.Codes;

namespace GeoDispatch.Dispatch.Units;

/// <summary>Why a unit is out of service.</summary>
internal static class OutReason
{
    internal static readonly NamedCode[] All =
    [
        new("vehicle", "车辆维修", "vehicle repair"), new("equipment", "设备故障", "equipment fault"), new("cleaning", "洗消", "cleaning"),
        new("supplies", "加油补给", "fuel and supplies"), new("crew", "人员不足", "crew missing"), new("meal", "用餐", "meal"),
        new("training", "训练", "training"), new("other", "其他", "other"),
    ];

    internal static readonly string[] Codes = [.. All.Select(static reason => reason.Code)];

    /// <summary>Throws where there is no such code.</summary>
    internal static NamedCode Get(string code) => All.First(reason => reason.Code == code);
}
