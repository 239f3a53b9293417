import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionView } from '../api/contract';
import { Empty, Failure, Skeleton } from '../shell/Pane';
import { SeatPage } from '../shell/SeatPage';
import { SpanField } from '../shell/SpanField';
import { type EtaView, readEta } from './api';
import './eta.css';
import { ErrorTable } from './ErrorTable';
import { formatBias, formatShare } from './figures';
import { WorstTrips } from './WorstTrips';

const parts = ['errors', 'worst'] as const;
type Part = (typeof parts)[number];

const spans = [1, 7, 14, 30, 92] as const;

/** How right the arrival times were that the city was told, and how much of its streets the vehicles have taught. */
export function EtaPage({ who }: { who: SessionView }) {
  const { t } = useTranslation();
  const [part, setPart] = useState<Part>('errors');
  const [days, setDays] = useState<number>(14);
  const eta = useQuery({
    queryKey: ['eta', days],
    queryFn: ({ signal }) => readEta(days, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });
  return (
    <SeatPage<Part>
      who={who}
      title={t('eta.title')}
      links={
        <>
          <Button href="/" data-testid="to-desk">
            {t('fleet.toDesk')}
          </Button>
          <Button href="/fleet" data-testid="to-fleet">
            {t('fleet.title')}
          </Button>
        </>
      }
      parts={parts.map((key) => ({ key, label: t(`eta.${key}`) }))}
      part={part}
      onPart={setPart}
    >
      <div className="eta-body" data-testid="eta-body" aria-busy={eta.isFetching}>
        <SpanField label={t('eta.span')} days={days} choices={spans} testId="eta-span" onDays={setDays} />
        {eta.isError && <Failure failure={eta.error} onRetry={() => void eta.refetch()} />}
        {eta.isPending && <Skeleton rows={6} />}
        {eta.data && <Learned view={eta.data} />}
        {eta.data?.all.trips === 0 && <Empty>{t('eta.noTrips')}</Empty>}
        {eta.data &&
          eta.data.all.trips > 0 &&
          (part === 'errors' ? <Errors view={eta.data} /> : <WorstTrips trips={eta.data.worst} />)}
      </div>
    </SeatPage>
  );
}

/** How much is learned; where nothing is, that is said. */
function Learned({ view: { learnedShare, passesNeeded } }: { view: EtaView }) {
  const { t } = useTranslation();
  const text = learnedShare === null ? 'eta.learnedUnknown' : learnedShare === 0 ? 'eta.learnedNothing' : 'eta.learned';
  return (
    <p className="eta-learned" data-testid="eta-learned" data-share={learnedShare ?? ''}>
      {t(text, { share: formatShare(learnedShare), count: passesNeeded })}
    </p>
  );
}

function Errors({ view }: { view: EtaView }) {
  const { t } = useTranslation();
  const { all } = view;
  const figures: [string, string, string][] = [
    ['median', t('eta.median'), formatShare(all.medianError)],
    ['class', t('eta.ofClass'), formatShare(all.classError)],
    ['inside', t('eta.inside'), all.banded === 0 ? t('eta.noBand') : formatShare(all.insideBand)],
    ['bias', t('eta.bias'), formatBias(all.bias)],
    ['trips', t('eta.trips'), String(all.trips)],
  ];
  return (
    <>
      <dl className="figures eta-figures" data-testid="eta-figures">
        {figures.map(([key, name, value]) => (
          <div key={key} data-figure={key}>
            <dt>{name}</dt>
            <dd className="number">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="note-text">{t('eta.note')}</p>
      <div className="eta-tables">
        <ErrorTable kind="hour" rows={view.byHour} />
        <div className="eta-column">
          <ErrorTable kind="length" rows={view.byLength} />
          <ErrorTable kind="run" rows={view.byKind} />
          <ErrorTable kind="district" rows={view.byDistrict} />
          <ErrorTable kind="day" rows={view.byDay} />
        </div>
      </div>
    </>
  );
}
