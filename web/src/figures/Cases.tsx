import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDate, formatDuration, formatTime } from '../shell/formats';
import { Empty, Failure, Skeleton } from '../shell/Pane';
import { type FigureDefinition, figuresApi, type Grouping, type Span } from './api';
import { groupName } from './figure';

interface CasesProps {
  figure: FigureDefinition;
  span: Span;
  by: Grouping;
  groupKey: string;
}

/** The cases behind a figure of one group: the longest, or those that it could not measure. */
export function Cases({ figure, span, by, groupKey }: CasesProps) {
  const { t } = useTranslation();
  const [missing, setMissing] = useState(false);
  const found = useQuery({
    queryKey: ['figures', 'cases', figure.code, span, by, groupKey, missing],
    queryFn: ({ signal }) => figuresApi.cases(figure.code, span, by, groupKey, missing, signal),
  });
  return (
    <section className="figures-cases" data-testid="figure-cases" aria-busy={found.isFetching}>
      <h2>
        {by === 'all' ? t('figures.allCases') : groupName(by, groupKey, t('figures.outside'))}
        <label className="figures-missing">
          <input
            type="checkbox"
            checked={missing}
            onChange={(event) => setMissing(event.target.checked)}
            data-testid="cases-missing"
          />
          {t('figures.missing')}
        </label>
      </h2>
      {found.isError && <Failure failure={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Skeleton rows={4} />}
      {found.data?.cases.length === 0 && <Empty>{t('figures.noCases')}</Empty>}
      {found.data && found.data.cases.length > 0 && (
        <table className="eta-table">
          <thead>
            <tr>
              <th scope="col">{t('figures.incident')}</th>
              <th scope="col">{t('figures.unit')}</th>
              <th scope="col">{t('figures.station')}</th>
              <th scope="col">{t('figures.level')}</th>
              <th scope="col">{t('figures.since')}</th>
              <th scope="col">{t('figures.length')}</th>
            </tr>
          </thead>
          <tbody>
            {found.data.cases.map((one) => (
              <tr key={one.id} data-testid="figure-case">
                <th scope="row" className="number">
                  {one.incidentId && one.incidentNumber ? (
                    <a className="link eta-show" href={`/?incident=${one.incidentId}`}>
                      {one.incidentNumber}
                    </a>
                  ) : (
                    '–'
                  )}
                </th>
                <td>{one.callSign ?? '–'}</td>
                <td>{one.station || '–'}</td>
                <td>{one.level === null ? '–' : `P${one.level}`}</td>
                <td className="number">
                  {formatDate(Date.parse(one.since))} {formatTime(one.since)}
                </td>
                <td className="number">{one.seconds === null ? '–' : formatDuration(one.seconds)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
