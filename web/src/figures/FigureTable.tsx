import { useTranslation } from 'react-i18next';
import { formatDuration } from '../shell/formats';
import { inLanguage } from '../shell/i18n';
import type { FigureDefinition, FigureGroup } from './api';
import { formatPercent, isReached, percentInTime } from './figure';

interface FigureTableProps {
  definitions: readonly FigureDefinition[];
  group: FigureGroup | undefined;
  code: string;
  onChoose?(code: string): void;
}

/** All figures of one group: both ends, on how many cases each rests, and whether what is aimed at was reached. */
export function FigureTable({ definitions, group, code, onChoose }: FigureTableProps) {
  const { t } = useTranslation();
  return (
    <table className="eta-table figures-table" data-testid="figure-table">
      <thead>
        <tr>
          <th scope="col">{t('figures.figure')}</th>
          <th scope="col">{t('figures.ends')}</th>
          <th scope="col">{t('figures.measured')}</th>
          <th scope="col">{t('figures.inTime')}</th>
          <th scope="col">{t('figures.mean')}</th>
          <th scope="col">{t('figures.p50')}</th>
          <th scope="col">{t('figures.p90')}</th>
        </tr>
      </thead>
      <tbody>
        {definitions.map((figure) => {
          const value = group?.figures.find((one) => one.code === figure.code);
          const reached = value ? isReached(value, figure) : null;
          return (
            <tr
              key={figure.code}
              data-figure={figure.code}
              data-reached={reached ?? ''}
              className={figure.code === code ? 'is-chosen' : ''}
            >
              <th scope="row">
                {onChoose ? (
                  <button
                    type="button"
                    className="figures-choose"
                    aria-pressed={figure.code === code}
                    onClick={() => onChoose(figure.code)}
                    data-testid={`choose-${figure.code}`}
                  >
                    {inLanguage(figure)}
                  </button>
                ) : (
                  inLanguage(figure)
                )}
              </th>
              <td className="figures-ends">
                {inLanguage(figure.from)} → {inLanguage(figure.to)}
              </td>
              <td className="number">{value ? `${value.measured}/${value.cases}` : '0/0'}</td>
              <td className="number">
                {value && percentInTime(value) !== null && (
                  <>
                    <span aria-hidden="true">{reached === null ? '' : reached ? '✓ ' : '▼ '}</span>
                    {formatPercent(percentInTime(value))}
                    {figure.targetSeconds !== null && figure.targetPercent !== null && (
                      <span className="note-text">
                        {' '}
                        {t('figures.aim', { time: formatDuration(figure.targetSeconds), percent: figure.targetPercent })}
                      </span>
                    )}
                  </>
                )}
              </td>
              {[value?.mean, value?.p50, value?.p90].map((seconds, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: three columns, always the same
                <td key={index} className="number">
                  {seconds === null || seconds === undefined ? '–' : formatDuration(seconds)}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
