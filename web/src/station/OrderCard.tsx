import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDuration, formatTime } from '../shell/formats';
import { language } from '../shell/i18n';
import { describe } from '../shell/Pane';
import { Diamond, Since, StateChip } from '../shell/Signs';
import { type StationOrder, stationApi } from './api';
import { turnOf } from './orders';

interface OrderCardProps {
  order: StationOrder;
  credential: string;
  asked: StationOrder['unread'];
  /** Enter accepts this one. */
  isFirst: boolean;
  /** Accepted here; the server does not know it yet. */
  isWaiting: boolean;
  onAccept(): void;
}

/** One unit's order: who, how urgent, what, where, how sure that is, what to take. It keeps its place until it is over. */
export function OrderCard({ order, credential, asked, isFirst, isWaiting, onAccept }: OrderCardProps) {
  const { t } = useTranslation();
  const { callSign, number, priority, status, active, complaint, address, detail, readBack, card, take } = order;
  const isEnglish = language() === 'en';
  const turn = turnOf(order);
  return (
    <article
      className="station-order"
      data-testid="station-order"
      data-call-sign={callSign}
      data-asked={asked.length > 0}
      data-first={isFirst || undefined}
      data-turn={turn ?? 'none'}
    >
      <header>
        <strong className="station-sign">{callSign}</strong>
        <span className="station-priority">
          <Diamond priority={priority} /> P{priority} {t(`priority.p${priority}`)}
        </span>
        <StateChip state={status} withName />
        <span className="station-since">
          {t('station.since')} {active ? <Since time={order.assignedAt} /> : formatTime(order.assignedAt)}
        </span>
      </header>
      {turn && (
        <p className="station-turn" role="alert">
          {t(`station.kinds.${turn}`)} {turn === 'placeCorrected' ? '' : t('station.endedNote')}
        </p>
      )}
      <p className="station-what">
        {complaint} <span className="station-type">{isEnglish ? order.typeNameEn : order.typeName}</span>
      </p>
      <p className="station-where">
        {address}
        {detail && <span className="station-detail">{detail}</span>}
      </p>
      <p className="station-facts">
        <span className={readBack ? 'mark' : 'mark mark-warn'} data-testid="station-certainty">
          {t(readBack ? 'station.readBack' : 'station.notReadBack')}
        </span>
        <span className="number">{number}</span>
        {order.expectedSeconds !== null && (
          <span className="number">{t('detail.expected', { time: formatDuration(order.expectedSeconds) })}</span>
        )}
      </p>
      <p className="station-take">
        {t('station.take')}{' '}
        <strong>{take.map(({ name, nameEn }) => (isEnglish ? nameEn : name)).join(isEnglish ? ', ' : '、') || '–'}</strong>{' '}
        <span>{card ?? t('station.noCard')}</span>
      </p>
      <footer>
        {asked.length > 0 ? (
          <Button type="primary" className="station-accept" onClick={onAccept} data-testid="station-accept">
            {t('station.accept')} {isFirst && <kbd>{t('station.acceptKeys')}</kbd>}
          </Button>
        ) : (
          <p className="station-accepted" data-testid="station-accepted" data-waiting={isWaiting || undefined}>
            {isWaiting
              ? t('station.pending')
              : order.receiptAt && t('station.accepted', { by: order.receiptBy ?? '', time: formatTime(order.receiptAt) })}
            <span className="station-crew-too">{t('station.crewToo')}</span>
          </p>
        )}
        <PrintButton order={order} credential={credential} />
      </footer>
    </article>
  );
}

/** Opens the sheet in a page of its own, from which the browser prints. */
function PrintButton({ order, credential }: { order: StationOrder; credential: string }) {
  const { t } = useTranslation();
  const [problem, setProblem] = useState<string | null>(null);
  const open = async () => {
    setProblem(null);
    // Within the press: a page that opens later is taken for an advertisement.
    const page = window.open('', '_blank');
    try {
      const sheet = URL.createObjectURL(await stationApi.sheet(credential, order.assignmentId));
      if (page) {
        page.location.href = sheet;
      }
      window.setTimeout(() => URL.revokeObjectURL(sheet), 60_000);
    } catch (failure) {
      page?.close();
      setProblem(t('station.printFailed', { problem: describe(failure) }));
    }
  };
  return (
    <>
      <Button className="station-print" onClick={() => void open()} data-testid="station-print">
        {t('station.print')}
      </Button>
      {problem && (
        <p className="failure" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}
