import type { Texts } from '../zh';

export const cover: Texts['cover'] = {
  title: 'Gaps in cover',
  words:
    '{{units}} free ambulances: {{late}} addresses not within {{targetMinutes}} min ({{beyond}} of them not within {{nearMinutes}}), of {{addresses}}',
  loading: 'Working out the cover',
  age: '{{age}} ago',
};
