import { useTranslation } from 'react-i18next';
import { useNowSeconds } from '../shell/clock';
import { formatAge, formatDuration, formatTime } from '../shell/formats';
import type { HospitalNow } from './api';
import { capabilityKey, diversionsOf, loadOf } from './load';

/** Four bars, then the figures: `▮▮▮▯ 7/10`. */
export function LoadBars({ hospital }: { hospital: HospitalNow }) {
  const { t } = useTranslation();
  const load = loadOf(hospital.report);
  const isOld = hospital.report?.isOld ?? true;
  return (
    <span className="load" data-old={(load !== null && isOld) || undefined} data-testid="load">
      {load ? (
        <>
          <span aria-hidden="true">{'▮'.repeat(load.bars) + '▯'.repeat(4 - load.bars)}</span>{' '}
          <span className="number" title={t('choice.taken')}>
            {load.taken}/{load.beds}
          </span>
        </>
      ) : (
        <span className="note-text">{t('choice.noBeds')}</span>
      )}
    </span>
  );
}

/** The diversions in force with their ends; how old the report is, and what to do where that is too old. */
export function ReportSigns({ hospital, readAt }: { hospital: HospitalNow; readAt: number }) {
  const { t } = useTranslation();
  const now = useNowSeconds() * 1000;
  const { report } = hospital;
  const age = report && Math.max(0, (now - Date.parse(report.at)) / 1000);
  return (
    <>
      {diversionsOf(hospital, Math.max(now, readAt)).map(({ capability, until }) => {
        const key = capability === null ? null : capabilityKey(capability);
        return (
          <span key={capability ?? ''} className="mark mark-warn number" data-testid="diversion-mark">
            {t('choice.diverts', { time: formatTime(until).slice(0, 5) })} {key ? t(key) : capability}
          </span>
        );
      })}
      {age === null ? (
        <span className="mark">{t('choice.neverReported')}</span>
      ) : (
        <span className="note-text number">
          {t('choice.reported', { age: formatAge(age) })} {report?.isOld && <span className="mark">{t('choice.phone')}</span>}
        </span>
      )}
    </>
  );
}

/** Who comes and how soon, who waits there. */
export function InboundText({ hospital, readAt }: { hospital: HospitalNow; readAt: number }) {
  const { t } = useTranslation();
  const now = useNowSeconds();
  const { onTheWay, handingOver, soonestSeconds } = hospital.inbound;
  return (
    <>
      <span className="number" data-testid="inbound-count">
        {t('board.inbound', { count: onTheWay })}
        {soonestSeconds !== null && ` ${t('choice.soonest', { time: formatDuration(readAt / 1000 + soonestSeconds - now) })}`}
      </span>
      {handingOver > 0 && <span className="number">{t('choice.handingOver', { count: handingOver })}</span>}
    </>
  );
}

/** All of it in one line. */
export function LoadText({
  hospital,
  readAt,
  isReasoned,
}: {
  hospital: HospitalNow;
  readAt: number;
  /** The beds stand in the reason beside it already. */
  isReasoned: boolean;
}) {
  return (
    <span className="load-line note-text">
      {!isReasoned && <LoadBars hospital={hospital} />}
      <InboundText hospital={hospital} readAt={readAt} />
      <ReportSigns hospital={hospital} readAt={readAt} />
    </span>
  );
}
