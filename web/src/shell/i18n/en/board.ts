import type { Texts } from '../zh';

export const board: Texts['board'] = {
  title: 'Second screen',
  open: 'Board',
  units: 'Units',
  order: 'Districts as on the map; cells never move',
  free: 'Available',
  noDistrict: 'District unknown',
  hospitals: 'Hospitals',
  hospitalsAsOf: 'As of {{time}}: phone',
  noHospitals: 'No hospitals. An administrator imports them',
  inbound: '← inbound {{count}}',
};
