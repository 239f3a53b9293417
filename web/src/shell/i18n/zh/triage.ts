// What a caller is asked, and what is read to him.
export const triage = {
  label: '分诊',
  choose: '按主诉选预案',
  change: '换预案',
  notApproved: '未经医疗主任审定',
  heard: '“{{word}}” 提级',
  read: '读给来电人',
  source: '依据 {{source}}',
  beat: '按压节拍',
  beatStop: '停止节拍',
  perMinute: '{{count}} 次/分',
  second: '加派一车',
  hospital: '医院能力 {{what}}',
  crew: { als: '高级生命支持', bls: '基础生命支持' },
  keys: '数字键作答 · Backspace 改上一问',
  unread: '分诊预案未读到：按意识、呼吸自行分级',
};
