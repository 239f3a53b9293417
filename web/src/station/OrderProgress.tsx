import { useTranslation } from 'react-i18next';
import type { AssignmentView } from '../api/contract';
import { useBoard } from '../incidents/useBoard';
import { serverNow, useNowSeconds } from '../shell/clock';
import { formatTime } from '../shell/formats';
import { sheetPath } from './api';
import { isStuck, progressOf } from './progress';

/** How far the unit's last order has come: on the screen in the vehicle, at its station. For the desk's row of an assignment. */
export function OrderProgress({ assignment }: { assignment: AssignmentView }) {
  const { t } = useTranslation();
  const board = useBoard().data;
  useNowSeconds();
  // The board is read again at every step of an order; the incident only when it changes, for each read of it is written down.
  const known = board?.incidents.flatMap(({ assignments }) => assignments).find(({ id }) => id === assignment.id) ?? assignment;
  const steps = progressOf(known.deliveries, serverNow()).filter(({ kind }) => known.active || kind !== 'order');
  if (steps.length === 0) {
    return null;
  }
  return (
    <span className="assignment-orders" data-testid="order-progress">
      {steps.map((step) => (
        <span
          key={step.channel}
          data-channel={step.channel}
          data-state={step.state}
          className={isStuck(step) ? 'mark mark-warn' : 'note-text'}
        >
          {step.kind !== 'order' && `${t(`station.kinds.${step.kind}`)} `}
          {t(`station.progress.${step.channel}.${step.state}`, { by: step.by ?? '' })}
          {step.at && step.state !== 'waiting' && <span className="number"> {formatTime(step.at)}</span>}
        </span>
      ))}
      <a href={sheetPath(assignment.id)} target="_blank" rel="noopener" data-testid="order-sheet">
        {t('station.print')}
      </a>
    </span>
  );
}
