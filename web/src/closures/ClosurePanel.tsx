import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { ConfirmButton } from '../admin/parts';
import { useAct } from '../admin/useAdmin';
import { departmentName, useFleets } from '../fleet/useFleet';
import { useMapState } from '../map/control';
import { seesFleet } from '../session/roles';
import { useSession } from '../session/session';
import { useAction, useBack } from '../shell/actions';
import { serverNow, useNowSeconds } from '../shell/clock';
import { desk } from '../shell/desk';
import { formatMeters, formatMoment } from '../shell/formats';
import { keyLabel } from '../shell/keys';
import { Failure, Pane, Skeleton } from '../shell/Pane';
import { type Closure, closuresApi, type HistoryEntry } from './api';
import { kindText, streetName, streetsText, timesText, whenText } from './closureText';
import { useClosure, useClosures } from './useClosures';
import '../fleet/fleet.css';
import './closures.css';

interface ClosurePanelProps {
  closureId: string;
  /** Where there is a form for it. */
  onEdit?: ((closure: Closure) => void) | undefined;
}

/** One closure: which streets, why, from when until when, by whom, and what became of it. */
export function ClosurePanel({ closureId, onEdit }: ClosurePanelProps) {
  const { t } = useTranslation();
  const who = useSession((state) => state.who);
  const one = useClosure(closureId);
  const mayDraw = useClosures(true).data?.mayDraw ?? false;
  const { act, isSending, problem } = useAct('closures');
  const close = () => desk.selectClosure(null);
  useBack(close);
  const closure = one.data?.closure;
  const locate = closure ? () => useMapState.getState().control?.fit(closure.lines.coordinates.flat()) : null;
  useAction('locate', locate);
  // A department changes its own; the control room every one.
  const isOurs = !who?.roles.includes('department') || closure?.department === who.department;
  const mayChange = mayDraw && isOurs && closure !== undefined && closure.state !== 'ended';
  const edit = mayChange && onEdit ? () => onEdit(closure) : null;
  useAction('status', edit);
  return (
    <Pane
      name="detail"
      testId="closure-panel"
      title={t('closures.panel')}
      keyHint={keyLabel('paneDetail')}
      isFetching={one.isFetching}
      aside={
        <Button onClick={close} data-testid="close-closure">
          {t('closures.back')} <kbd>{keyLabel('back')}</kbd>
        </Button>
      }
    >
      {one.isError && <Failure failure={one.error} onRetry={() => void one.refetch()} />}
      {one.isPending && <Skeleton rows={6} />}
      {closure && (
        <div className="vehicle-body">
          <header className="vehicle-head">
            <strong className="closure-name" data-testid="closure-name">
              {streetsText(closure.streets)}
            </strong>
            <span className="mark">{t(`closures.states.${closure.state}`)}</span>
          </header>
          <Facts closure={closure} />
          {problem !== null && <Failure failure={problem} />}
          <div className="admin-acts">
            <Button onClick={() => locate?.()} data-testid="locate-closure">
              {t('closures.locate')} <kbd>{keyLabel('locate')}</kbd>
            </Button>
            {edit && (
              <Button onClick={edit} data-testid="edit-closure">
                {t('closures.edit')} <kbd>{keyLabel('status')}</kbd>
              </Button>
            )}
            {mayChange && (
              <ConfirmButton
                text={t('closures.lift')}
                confirm={t('closures.confirmLift')}
                testId="lift-closure"
                action="close"
                isDisabled={isSending}
                onConfirm={() => void act(() => closuresApi.lift(closure.id))}
              />
            )}
          </div>
          {seesFleet(who) && <History entries={one.data?.history ?? []} />}
        </div>
      )}
    </Pane>
  );
}

function Facts({ closure }: { closure: Closure }) {
  const { t } = useTranslation();
  const nowMs = useNowSeconds() * 1000;
  return (
    <dl className="vehicle-facts closure-facts">
      <dt>{t('closures.kind')}</dt>
      <dd>
        <strong>{kindText(closure)}</strong> {t(closure.bothDirections ? 'closures.both' : 'closures.oneWay')}
      </dd>
      <dt>{t('closures.times')}</dt>
      <dd className="number" data-testid="closure-times">
        {timesText(closure, nowMs)}
      </dd>
      <dt>{t('closures.reason')}</dt>
      <dd data-testid="closure-reason">
        {t(`closures.reasons.${closure.reason}`)}
        {closure.words ? ` · ${closure.words}` : ''}
      </dd>
      <dt>{t('closures.emergency')}</dt>
      <dd>{t(closure.emergencyPasses ? 'closures.emergencyPasses' : 'closures.emergencyStops')}</dd>
      <dt>{t('closures.madeBy')}</dt>
      <dd>
        <By by={closure.by} department={closure.department} />{' '}
        <time className="number">{formatMoment(closure.madeAt, serverNow())}</time>
      </dd>
      <dt>{t('closures.streets')}</dt>
      <dd data-testid="closure-streets">
        <ul>
          {closure.streets.slice(0, 12).map((street) => (
            <li key={street.name ?? ''}>
              {streetName(street)} <span className="number">{formatMeters(street.meters)}</span>
            </li>
          ))}
        </ul>
      </dd>
    </dl>
  );
}

function By({ by, department }: { by: string; department: string }) {
  const who = useSession((state) => state.who);
  const fleets = useFleets(seesFleet(who)).data?.fleets ?? [];
  return (
    <>
      {by} <span className="note-text number">{departmentName(fleets, department)}</span>
    </>
  );
}

function History({ entries }: { entries: readonly HistoryEntry[] }) {
  const { t } = useTranslation();
  const now = serverNow();
  return (
    <section className="day">
      <h3>{t('closures.history')}</h3>
      <ol className="messages" data-testid="closure-history">
        {entries.map(({ version, type, at, by, department, closure }) => (
          <li key={version} data-type={type}>
            <time>{formatMoment(at, now)}</time>
            <span>
              <strong>{t(`closures.events.${type}`)}</strong> <By by={by} department={department} />
            </span>
            <span className="number">
              {kindText(closure)} {whenText(closure, now)}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
