import { useTranslation } from 'react-i18next';
import type { FigureGroup } from './api';
import { formatPercent } from './figure';

/** How much there was to do, and how often in vain. */
export function Counts({ group }: { group: FigureGroup }) {
  const { t } = useTranslation();
  const { started, emptyRuns } = group;
  const counts: [string, string][] = [
    ['calls', `${group.calls}`],
    ['incidents', `${group.incidents}`],
    ['runs', `${group.runs}`],
    ['recalled', `${group.recalled}`],
    ['emptyRuns', `${emptyRuns} (${formatPercent(started === 0 ? null : (100 * emptyRuns) / started)})`],
  ];
  return (
    <dl className="figures eta-figures" data-testid="figure-counts">
      {counts.map(([key, value]) => (
        <div key={key} data-count={key}>
          <dt>{t(`figures.counts.${key as 'calls'}`)}</dt>
          <dd className="number">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
