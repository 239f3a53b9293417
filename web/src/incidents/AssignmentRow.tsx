import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { AssignmentView, Board, Milestone } from '../api/contract';
import { PrealertLine } from '../hospital/PrealertLine';
import type { Act } from '../shell/desk';
import { formatDuration } from '../shell/formats';
import { inLanguage } from '../shell/i18n';
import { keyLabel } from '../shell/keys';
import { Since, StateChip } from '../shell/Signs';
import { OrderProgress } from '../station/OrderProgress';
import { mayRecall, milestonesAfter } from './milestones';

interface AssignmentRowProps {
  assignment: AssignmentView;
  /** Its position says something else. */
  contradiction: Board['contradictions'][number]['contradiction'] | null;
  /** Keys act on this one. */
  isCurrent: boolean;
  isSending: boolean;
  onSelect(): void;
  onMilestone(milestone: Milestone): void;
  onAct(act: Act): void;
}

export function AssignmentRow({
  assignment,
  contradiction,
  isCurrent,
  isSending,
  onSelect,
  onMilestone,
  onAct,
}: AssignmentRowProps) {
  const { t } = useTranslation();
  const { callSign, status, active, expectedSeconds, destinationName } = assignment;
  const [next, ...others] = active ? milestonesAfter(status) : [];
  const isOnTheWay = status === 'notified' || status === 'acknowledged' || status === 'enRoute';
  return (
    <li
      className="assignment"
      data-testid="assignment-row"
      data-status={status}
      data-unit-id={assignment.unitId}
      data-selected={isCurrent || undefined}
    >
      <button type="button" className="assignment-unit" onClick={onSelect} aria-pressed={isCurrent}>
        <strong className="call-sign">{callSign}</strong>
        <StateChip state={status} withName />
        {active && <Since time={assignment.since} />}
        <span className="note-text number">
          {isOnTheWay && expectedSeconds !== null && t('detail.expected', { time: formatDuration(expectedSeconds) })}
          {destinationName && t('detail.to', { place: destinationName })}
        </span>
      </button>
      {contradiction && (
        <span className="mark mark-warn" data-testid="contradiction">
          {t('parts.contradiction')} {inLanguage(contradiction.reason)}
        </span>
      )}
      <OrderProgress assignment={assignment} />
      {active && <PrealertLine runId={assignment.id} />}
      {active && (
        <span className="assignment-acts">
          {next && (
            <Button
              type="primary"
              disabled={isSending}
              data-testid="next-milestone"
              data-milestone={next}
              onClick={() => onMilestone(next)}
            >
              {t(`milestones.${next}`)} {isCurrent && <kbd>{keyLabel(next === 'leftScene' ? 'hospital' : 'status')}</kbd>}
            </Button>
          )}
          {others.map((milestone) => (
            <Button
              key={milestone}
              disabled={isSending}
              data-testid="other-milestone"
              data-milestone={milestone}
              onClick={() => onMilestone(milestone)}
            >
              {t(`milestones.${milestone}`)}{' '}
              {isCurrent && <kbd>{keyLabel(milestone === 'leftScene' ? 'hospital' : 'otherStatus')}</kbd>}
            </Button>
          ))}
          {mayRecall(status) && (
            <Button disabled={isSending} data-testid="divert" onClick={() => onAct('divert')}>
              {t('detail.divert')} {isCurrent && <kbd>{keyLabel('divert')}</kbd>}
            </Button>
          )}
          <Button disabled={isSending} data-testid="relieve" onClick={() => onAct('relieve')}>
            {t('parts.relieve')} {isCurrent && <kbd>{keyLabel('relieve')}</kbd>}
          </Button>
          {mayRecall(status) && (
            <Button disabled={isSending} data-testid="recall" onClick={() => onAct('recall')}>
              {t('detail.recall')} {isCurrent && <kbd>{keyLabel('recall')}</kbd>}
            </Button>
          )}
        </span>
      )}
    </li>
  );
}
