import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { IncidentDetail } from '../api/contract';
import { desk } from '../shell/desk';
import { formatTime } from '../shell/formats';

/** The calls that tell of an incident. One that was merged by mistake is opened here and split again. */
export function JoinedCalls({ incident }: { incident: IncidentDetail }) {
  const { t } = useTranslation();
  return incident.calls.length === 0 ? null : (
    <ul className="joined-calls" aria-label={t('calls.joined')} data-testid="joined-calls">
      {incident.calls.map((call) => (
        <li key={call.id}>
          <time className="number">{formatTime(call.receivedAt)}</time>
          <span className="number">{call.number ?? t('calls.withheld')}</span>
          <span className="note-text">{t(call.result === 'merged' ? 'calls.results.merged' : 'calls.openedFrom')}</span>
          <Button onClick={() => desk.selectCall(call.id)} data-testid="open-call">
            {t(call.result === 'merged' ? 'calls.acts.split' : 'calls.panel')}
          </Button>
        </li>
      ))}
    </ul>
  );
}
