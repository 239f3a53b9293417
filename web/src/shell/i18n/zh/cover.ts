// How much of the city free units would reach in time.
export const cover = {
  title: '覆盖缺口',
  words:
    '120 空闲 {{units}} 车：{{late}} 处地址 {{targetMinutes}} 分钟内到不了（其中 {{beyond}} 处超过 {{nearMinutes}} 分钟），共 {{addresses}} 处',
  loading: '正在计算覆盖',
  age: '{{age}} 前',
};
