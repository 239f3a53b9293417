import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionView } from '../api/contract';
import { ChoiceButtons } from '../shell/ChoiceButtons';
import { serverNow } from '../shell/clock';
import { formatDuration } from '../shell/formats';
import { inLanguage } from '../shell/i18n';
import { Empty, Failure, Skeleton } from '../shell/Pane';
import { SeatPage } from '../shell/SeatPage';
import { SpanField } from '../shell/SpanField';
import { type FigureDefinition, type FiguresView, figuresApi, type Grouping, groupings, type Span, sheetPath } from './api';
import { Cases } from './Cases';
import { Counts } from './Counts';
import { FigureTable } from './FigureTable';
import { formatPercent, groupName, percentInTime } from './figure';
import { Reports } from './Reports';
import '../eta/eta.css';
import './figures.css';

const FigureChart = lazy(() => import('./FigureChart'));

const parts = ['now', 'reports'] as const;
type Part = (typeof parts)[number];
const spans = [1, 7, 30, 92, 365] as const;

const spanOf = (days: number): Span => {
  const to = serverNow();
  return { from: new Date(to - days * 86_400_000).toISOString(), to: new Date(to).toISOString() };
};

/** How fast was 120, where was it slow, and which runs were that? */
export function FiguresPage({ who }: { who: SessionView }) {
  const { t } = useTranslation();
  const [part, setPart] = useState<Part>('now');
  return (
    <SeatPage<Part>
      who={who}
      title={t('figures.title')}
      links={
        <Button href="/" data-testid="to-desk">
          {t('fleet.toDesk')}
        </Button>
      }
      parts={parts.map((key) => ({ key, label: t(`figures.parts.${key}`) }))}
      part={part}
      onPart={setPart}
    >
      {part === 'now' ? <FiguresNow /> : <Reports />}
    </SeatPage>
  );
}

function FiguresNow() {
  const { t } = useTranslation();
  const [days, setDays] = useState<number>(7);
  const [span, setSpan] = useState(() => spanOf(7));
  const [code, setCode] = useState('response');
  const [by, setBy] = useState<Grouping>('district');
  const all = useFigures(span, 'all');
  const grouped = useFigures(span, by);
  const whole = all.data?.groups[0];
  const figure = all.data?.definitions.find((one) => one.code === code);
  return (
    <div className="eta-body" data-testid="figures-body" aria-busy={all.isFetching || grouped.isFetching}>
      <div className="figures-head">
        <SpanField
          label={t('figures.span')}
          days={days}
          choices={spans}
          testId="figures-span"
          onDays={(chosen) => {
            setDays(chosen);
            setSpan(spanOf(chosen));
          }}
        />
        <Button onClick={() => setSpan(spanOf(days))} data-testid="figures-again">
          {t('figures.again')}
        </Button>
        <a className="link eta-show" href={sheetPath(span, by)} data-testid="figures-sheet">
          {t('figures.sheet')}
        </a>
      </div>
      {all.isError && <Failure failure={all.error} onRetry={() => void all.refetch()} />}
      {all.isPending && <Skeleton rows={8} />}
      {all.data && !whole && <Empty>{t('figures.none')}</Empty>}
      {all.data && whole && (
        <>
          <Counts group={whole} />
          <div className="figures-columns">
            <FigureTable definitions={all.data.definitions} group={whole} code={code} onChoose={setCode} />
            {figure && grouped.data && (
              <ByGroup key={`${code} ${by}`} figure={figure} view={grouped.data} span={span} by={by} onBy={setBy} />
            )}
          </div>
        </>
      )}
    </div>
  );
}

const useFigures = (span: Span, by: Grouping) =>
  useQuery({
    queryKey: ['figures', span, by],
    queryFn: ({ signal }) => figuresApi.read(span, by, signal),
    placeholderData: keepPreviousData,
  });

interface ByGroupProps {
  figure: FigureDefinition;
  view: FiguresView;
  span: Span;
  by: Grouping;
  onBy(by: Grouping): void;
}

/** One figure by groups: drawn, in numbers, and from each group to its cases. */
function ByGroup({ figure, view, span, by, onBy }: ByGroupProps) {
  const { t } = useTranslation();
  const [key, setKey] = useState<string | null>(by === 'all' ? '' : null);
  const rows = useMemo(
    () =>
      view.by === by
        ? view.groups.flatMap((group) => {
            const value = group.figures.find(({ code }) => code === figure.code);
            return value
              ? [{ group, value, name: by === 'all' ? t('figures.allCases') : groupName(by, group.key, t('figures.outside')) }]
              : [];
          })
        : [],
    [view, by, figure.code, t],
  );
  const bars = useMemo(() => rows.map(({ name, value: { p50, p90 } }) => ({ name, p50, p90 })), [rows]);
  return (
    <section className="figures-groups" aria-label={inLanguage(figure)}>
      <h2>{inLanguage(figure)}</h2>
      <ChoiceButtons<Grouping>
        label={t('figures.by')}
        value={by}
        choices={groupings.map((value) => ({ value, text: t(`figures.groupings.${value}`) }))}
        testId="figures-by"
        onChoose={onBy}
      />
      {rows.length === 0 && view.by === by && <Empty>{t(figure.of === 'call' ? 'figures.callsByHour' : 'figures.none')}</Empty>}
      {rows.length > 0 && (
        <>
          <Suspense fallback={<div className="figures-chart" />}>
            <FigureChart label={inLanguage(figure)} bars={bars} targetSeconds={figure.targetSeconds} />
          </Suspense>
          <table className="eta-table" data-testid="group-table">
            <thead>
              <tr>
                <th scope="col">{t(`figures.groupings.${by}`)}</th>
                <th scope="col">{t('figures.measured')}</th>
                <th scope="col">{t('figures.inTime')}</th>
                <th scope="col">{t('figures.mean')}</th>
                <th scope="col">{t('figures.p50')}</th>
                <th scope="col">{t('figures.p90')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ group, value, name }) => (
                <tr key={group.key} data-key={group.key} className={group.key === key ? 'is-chosen' : ''}>
                  <th scope="row">
                    <button
                      type="button"
                      className="figures-choose number"
                      aria-pressed={group.key === key}
                      onClick={() => setKey(group.key)}
                      data-testid="choose-group"
                    >
                      {name}
                    </button>
                  </th>
                  <td className="number">
                    {value.measured}/{value.cases}
                  </td>
                  <td className="number">{formatPercent(percentInTime(value))}</td>
                  {([value.mean, value.p50, value.p90] as const).map((seconds, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: three columns, always the same
                    <td key={index} className="number">
                      {seconds === null ? '–' : formatDuration(seconds)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {key !== null && <Cases figure={figure} span={span} by={by} groupKey={key} />}
    </section>
  );
}
