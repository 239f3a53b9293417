import type { triage as zh } from '../zh/triage';

export const triage: typeof zh = {
  label: 'Triage',
  choose: 'Protocol by the complaint',
  change: 'Other protocol',
  notApproved: 'not approved by a medical director',
  heard: '“{{word}}” raises',
  read: 'Read to the caller',
  source: 'after {{source}}',
  beat: 'Beat for compressions',
  beatStop: 'Stop the beat',
  perMinute: '{{count}} / min',
  second: 'second unit',
  hospital: 'hospital for {{what}}',
  crew: { als: 'advanced life support', bls: 'basic life support' },
  keys: 'digits answer · Backspace corrects the last',
  unread: 'Protocols not read: judge by consciousness and breathing',
};
