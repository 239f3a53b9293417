import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNowSeconds } from '../shell/clock';
import { desk } from '../shell/desk';
import { formatMoment, formatTime } from '../shell/formats';
import { inLanguage } from '../shell/i18n';
import { keyLabel } from '../shell/keys';
import type { Call, CallDetail, CallerPlace } from './api';
import { photoPath } from './api';
import { CallAsk } from './CallAsk';
import { useCallDesk } from './desk';
import { actsOf, callActs } from './order';
import { useCallActs } from './useCallActs';
import type { CallWork } from './useCallWork';

const mostEarlier = 3;

interface CallHeadProps {
  call: Call;
  detail: CallDetail | undefined;
  work: CallWork;
  /** Takes the caller's position as the place of the form; without it there is no form. */
  onPlace?(place: CallerPlace): void;
}

/** Who calls: where from, what was before, and what can be done with the call. Its lines are always there: nothing beneath jumps. */
export function CallHead({ call, detail, work, onPlace }: CallHeadProps) {
  const { t } = useTranslation();
  const asking = useCallDesk((state) => state.act);
  const link = useCallDesk((state) => (state.link?.callId === call.id ? state.link.link : null));
  const act = useCallActs(work);
  const offered = actsOf(call, work.seat);
  const { place } = call;
  return (
    <section
      className="call-head"
      aria-label={t('calls.ofCall', { number: call.number ?? t('calls.withheld') })}
      data-testid="call-head"
    >
      <div className="call-fact">
        {place ? (
          <>
            <span data-testid="caller-place">
              ◎ {t(`calls.placeBy.${place.by}`)} <span className="number">{formatTime(place.at)}</span>{' '}
              <span className="number">
                {place.uncertaintyMeters === null
                  ? t('calls.unsaid')
                  : t('calls.within', { meters: Math.round(place.uncertaintyMeters) })}
              </span>
            </span>
            {onPlace && (
              <Button onClick={() => onPlace(place)} data-testid="use-place">
                {t('calls.usePlace')}
              </Button>
            )}
          </>
        ) : (
          <span className="note-text" data-testid="caller-place">
            {t('calls.noPlace')}
          </span>
        )}
        {call.nuisanceReason && <span className="mark">{t('calls.marked', { reason: call.nuisanceReason })}</span>}
        {call.incidentId && call.incidentNumber && (
          <Button onClick={() => desk.selectIncident(call.incidentId)} data-testid="call-incident">
            {t('calls.toIncident')} <span className="number">{call.incidentNumber}</span>
          </Button>
        )}
        <Earlier detail={detail} />
      </div>
      <div className="call-acts">
        <kbd>{t('calls.actsAfter')}</kbd>
        {offered.map((name) => (
          <Button key={name} onClick={() => void act(name, call)} data-testid={`call-${name}`}>
            {t(`calls.acts.${name}`)} <kbd>{callActs.indexOf(name) + 1}</kbd>
          </Button>
        ))}
        {call.number !== null && (
          <Button onClick={() => void work.callBack(call)} data-testid="call-call">
            {t('calls.call')} <kbd>{keyLabel('callBack')}</kbd>
          </Button>
        )}
      </div>
      {link && (
        <p className="number call-link" data-testid="call-link">
          {t('calls.linkSaid', { note: inLanguage(link.note), url: link.url ?? '' })}
        </p>
      )}
      {asking && <CallAsk key={asking} asking={asking} call={call} detail={detail} work={work} />}
    </section>
  );
}

/** What the same number called about before, the newest first. */
function Earlier({ detail }: { detail: CallDetail | undefined }) {
  const { t } = useTranslation();
  const now = useNowSeconds() * 1000;
  const earlier = detail?.history ?? [];
  return (
    <span className="call-earlier" data-testid="call-history">
      <span className="note-text">{t(earlier.length > 0 ? 'calls.earlier' : 'calls.firstCall')}</span>
      {earlier.slice(0, mostEarlier).map((one) => (
        <span key={one.id} className="call-before">
          <time className="number">{formatMoment(one.receivedAt, now)}</time>{' '}
          {one.incidentId ? (
            <button type="button" className="link" onClick={() => desk.selectIncident(one.incidentId)}>
              {one.incidentNumber}
            </button>
          ) : (
            one.result && <span>{t(`calls.results.${one.result}`)}</span>
          )}
        </span>
      ))}
    </span>
  );
}

/** Words and photos that came by the caller's page. They stand below what is typed: coming later, they move none of it. */
export function FromCaller({ detail }: { detail: CallDetail | undefined }) {
  const { t } = useTranslation();
  const said = (detail?.timeline ?? []).filter((entry) => entry.type === 'callerWrote' || entry.type === 'callerSentPhoto');
  if (!detail || said.length === 0) {
    return null;
  }
  return (
    <section className="from-caller" aria-label={t('calls.said')} data-testid="from-caller">
      <span className="note-text">{t('calls.said')}</span>
      {said.map((entry) =>
        entry.type === 'callerWrote' ? (
          <p key={entry.version}>
            <time className="number">{formatTime(entry.at)}</time> {entry.data.text}
          </p>
        ) : (
          <a key={entry.version} href={photoPath(detail.call.id, entry.data.photoId)} target="_blank" rel="noopener noreferrer">
            <img
              src={photoPath(detail.call.id, entry.data.photoId)}
              alt={t('calls.photo', { time: formatTime(entry.at) })}
              loading="lazy"
            />
          </a>
        ),
      )}
    </section>
  );
}
