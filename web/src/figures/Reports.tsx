import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDate, formatTime } from '../shell/formats';
import { Empty, Failure, Skeleton } from '../shell/Pane';
import { figuresApi } from './api';
import { Counts } from './Counts';
import { FigureTable } from './FigureTable';

/** Reports that were made by themselves, one each day; they stay as they were made. */
export function Reports() {
  const { t } = useTranslation();
  const days = useQuery({ queryKey: ['figures', 'reports'], queryFn: ({ signal }) => figuresApi.reports(signal) });
  const [chosen, setChosen] = useState<string | null>(null);
  const day = chosen ?? days.data?.[0] ?? null;
  const report = useQuery({
    queryKey: ['figures', 'report', day],
    queryFn: ({ signal }) => figuresApi.report(day ?? '', signal),
    enabled: day !== null,
  });
  const whole = report.data?.figures.find(({ by }) => by === 'all');
  return (
    <div className="eta-body" data-testid="reports">
      {days.isError && <Failure failure={days.error} onRetry={() => void days.refetch()} />}
      {days.isPending && <Skeleton rows={4} />}
      {days.data?.length === 0 && <Empty>{t('figures.noReports')}</Empty>}
      {day && (
        <div className="figures-head">
          <label className="eta-span">
            {t('figures.day')}
            <select className="native" value={day} onChange={(event) => setChosen(event.target.value)} data-testid="report-day">
              {days.data?.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </label>
          <a className="link eta-show" href={`/api/ems/reports/${day}/all.xlsx`} data-testid="report-sheet">
            {t('figures.sheet')}
          </a>
        </div>
      )}
      {report.isError && <Failure failure={report.error} onRetry={() => void report.refetch()} />}
      {report.data && whole?.groups[0] && (
        <>
          <p className="note-text number">
            {t('figures.madeAt', { time: `${formatDate(Date.parse(report.data.madeAt))} ${formatTime(report.data.madeAt)}` })}
          </p>
          <Counts group={whole.groups[0]} />
          <FigureTable definitions={whole.definitions} group={whole.groups[0]} code="" />
        </>
      )}
    </div>
  );
}
