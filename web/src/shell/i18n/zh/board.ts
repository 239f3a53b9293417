// What the second screen says.
export const board = {
  title: '副屏',
  open: '副屏',
  units: '单元板',
  order: '各区按方位，格子不移动',
  free: '待命',
  noDistrict: '区划未知',
  hospitals: '医院板',
  hospitalsAsOf: '停在 {{time}}，电话核实',
  noHospitals: '没有医院。由管理员导入',
  inbound: '← 在途 {{count}}',
};
