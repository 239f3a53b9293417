import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LonLat, Milestone, SessionView } from '../api/contract';
import { positions } from '../feed/positions';
import { milestonesAfter } from '../incidents/milestones';
import { useDestinations } from '../incidents/useBoard';
import { useMapState } from '../map/control';
import { serverNow, useClock, useNowSeconds } from '../shell/clock';
import { formatTime } from '../shell/formats';
import { metersBetween } from '../shell/geo';
import { describe, Failure, Skeleton } from '../shell/Pane';
import { useReady } from '../shell/useReady';
import type { UnitView } from '../units/api';
import { unitPlace } from '../units/order';
import { alertCrew } from './alert';
import type { CrewTask } from './api';
import { CrewHeader } from './CrewHeader';
import { CrewIdle } from './CrewIdle';
import { CrewMap } from './CrewMap';
import { CrewTaskFacts, QuickActs } from './CrewTask';
import './crew.css';
import { showOwnPlace, startGps, useGps } from './gps';
import { HoldButton } from './HoldButton';
import { HospitalSheet } from './HospitalSheet';
import { MoreSheet } from './MoreSheet';
import { outbox, useOutbox } from './outbox';
import { type Standing, standingAfter, undoable } from './queue';
import { suggestedMilestone } from './suggestion';
import { taskAfter, taskKey, useCrewRoute, useLitScreen, useTask, useTick, watchTask } from './useCrew';

type Sheet = { name: 'more' } | { name: 'hospital'; at: string } | null;

const isDriving = (standing: Standing | null) =>
  standing !== null && ['notified', 'acknowledged', 'enRoute', 'leftScene'].includes(standing.status);

/** The crew's screen: what now, where, and the next tap. */
export function CrewPage({ who }: { who: SessionView }) {
  const { t } = useTranslation();
  const unitId = who.unitId ?? '';
  const queries = useQueryClient();
  const task = useTask(unitId);
  const unit = task.data?.unit;
  const styleLoaded = useMapState((state) => state.styleLoaded);
  useLitScreen();

  useEffect(() => {
    const hub = watchTask(queries, unitId);
    const close = outbox.open(unitId, (incident) => {
      if (incident) {
        queries.setQueryData<CrewTask>(taskKey(unitId), (known) => known && taskAfter(known, incident));
      }
      void queries.invalidateQueries({ queryKey: taskKey(unitId) });
    });
    return () => {
      hub.stop();
      close();
    };
  }, [queries, unitId]);

  const { vehicleId, plate, kind } = unit ?? {};
  useEffect(
    () => (vehicleId && plate && kind ? startGps(unitId, { vehicleId, plate, kind }) : undefined),
    [unitId, vehicleId, plate, kind],
  );
  // Where this screen measures nothing, the vehicle's own terminal may: its fixes come by the feed.
  const isMeasuring = useGps((gps) => gps.measuring === 'on');
  useEffect(() => (isMeasuring ? showOwnPlace() : positions.connect()), [isMeasuring]);

  const isReady = task.isSuccess && styleLoaded;
  useReady(isReady);

  if (!task.data) {
    return (
      <main className="crew">
        <CrewHeader callSign={who.displayName ?? who.userName ?? ''} standing={null} incident={null} unit={null} />
        <div className="crew-facts">
          {task.isError ? <Failure failure={task.error} onRetry={() => void task.refetch()} /> : <Skeleton rows={4} />}
          <p className="note-text">{t('crew.loading')}</p>
        </div>
      </main>
    );
  }
  return <CrewScreen task={task.data} unitId={unitId} />;
}

/** Where the unit is: by this screen, the feed, what the task said, or else at its station. */
function placeOf(unit: UnitView): LonLat {
  const { lon, lat } = unitPlace(unit, positions.find(unit.vehicleId));
  return [lon, lat];
}

function CrewScreen({ task, unitId }: { task: CrewTask; unitId: string }) {
  const { t } = useTranslation();
  const { unit, incident, assignment } = task;
  const queue = useOutbox((state) => state.queue);
  const refusals = useOutbox((state) => state.refusals);
  const [sheet, setSheet] = useState<Sheet>(null);
  const [isNavigating, setNavigating] = useState(false);
  const standing = assignment ? standingAfter(assignment, queue) : null;
  const ended = useEndedTask(task);
  useNowSeconds();

  const destinations = useDestinations(standing !== null).data?.destinations;
  const isTransporting = standing?.status === 'leftScene';
  const hospital = destinations?.find(({ id }) => id === standing?.destinationId);
  const scene: LonLat | null = incident ? [incident.place.lon, incident.place.lat] : null;
  const target: LonLat | null = isTransporting ? (hospital ? [hospital.lon, hospital.lat] : null) : scene;
  const place = placeOf(unit);
  const route = useCrewRoute(() => placeOf(unit), isDriving(standing) ? target : null);
  const suggested = useSuggestion(unit, standing, target);
  const [next, ...others] = standing ? milestonesAfter(standing.status) : [];

  const record = (milestone: Milestone) => {
    if (!assignment || !incident) {
      return;
    }
    if (milestone === 'leftScene') {
      // It happened now, whichever hospital is then chosen.
      setSheet({ name: 'hospital', at: new Date(serverNow()).toISOString() });
      return;
    }
    outbox.press({ assignmentId: assignment.id, incidentNumber: incident.number, milestone });
    setSheet(null);
  };

  const leg = standing?.status ?? null;
  const standingUnit = useMemo(() => ({ ...unit, leg }), [unit, leg]);
  const hasTask = incident !== null && standing !== null;
  return (
    <main className={`crew ${hasTask ? 'crew-busy' : ''} ${isNavigating && hasTask ? 'crew-navigating' : ''}`}>
      <h1 className="unseen">GeoDispatch</h1>
      <CrewHeader callSign={unit.callSign} incident={incident} standing={standing} unit={unit} />
      <div className="crew-facts">
        {refusals.map(({ press, problem }) => (
          <div key={press.commandId} className="failure" role="alert" data-testid="crew-refusal">
            <span>
              {t('crew.refused', {
                milestone: t(`milestones.${press.milestone}`),
                time: formatTime(press.at),
                problem: describe(problem),
              })}
            </span>
            <button type="button" className="crew-button" onClick={outbox.forgetRefusals}>
              {t('crew.seen')}
            </button>
          </div>
        ))}
        {ended.number && (
          <div className="failure" role="alert" data-testid="crew-ended">
            <span>{t('crew.ended', { number: ended.number })}</span>
            <button type="button" className="crew-button" onClick={ended.forget}>
              {t('crew.seen')}
            </button>
          </div>
        )}
        {incident && standing ? (
          <CrewTaskFacts
            incident={incident}
            standing={standing}
            route={route ?? null}
            airlineMeters={target ? metersBetween(place, target) : null}
            isDriving={isDriving(standing)}
            isFromStation={unitPlace(unit, positions.find(unit.vehicleId)).from === 'station'}
          />
        ) : (
          <CrewIdle unit={unit} />
        )}
      </div>
      <CrewMap
        unit={standingUnit}
        incident={isTransporting ? null : incident}
        hospital={isTransporting ? (hospital ?? null) : null}
        place={place}
        target={target}
        route={route?.geometry ?? null}
        follows={isNavigating}
      />
      {incident && standing && (
        <QuickActs
          callback={incident.callbackNumber}
          isNavigating={isNavigating}
          onNavigate={() => setNavigating(!isNavigating)}
        />
      )}
      {standing && (
        <div className="crew-next">
          {next ? (
            <HoldButton
              key={next}
              milestone={next}
              className={`hold-primary ${suggested === next ? 'hold-suggested' : ''}`}
              onHeld={() => record(next)}
            >
              <span className="hold-name">{t(`milestones.${next}`)}</span>
              <span className="hold-hint">
                {suggested === next
                  ? t(next === 'onScene' ? 'crew.atScene' : 'crew.atHospital')
                  : t(next === 'leftScene' ? 'crew.holdThenHospital' : 'crew.hold')}
              </span>
            </HoldButton>
          ) : (
            <p className="crew-done">{t('crew.done')}</p>
          )}
        </div>
      )}
      <Foot then={next ? milestonesAfter(next)[0] : undefined} onMore={() => setSheet({ name: 'more' })} />
      {sheet?.name === 'more' && (
        <MoreSheet unit={unit} unitId={unitId} others={others} onMilestone={record} onBack={() => setSheet(null)} />
      )}
      {sheet?.name === 'hospital' && assignment && incident && (
        <HospitalSheet
          assignmentId={assignment.id}
          incident={incident}
          from={place}
          at={sheet.at}
          destinations={destinations ?? []}
          onBack={() => setSheet(null)}
          onChoose={({ id, name }) => {
            outbox.press({
              assignmentId: assignment.id,
              incidentNumber: incident.number,
              milestone: 'leftScene',
              at: sheet.at,
              destinationId: id,
              destinationName: name,
            });
            setSheet(null);
          }}
        />
      )}
    </main>
  );
}

/** What comes after the next; for ten seconds after a press, the way back from it. */
function Foot({ then, onMore }: { then: Milestone | undefined; onMore(): void }) {
  const { t } = useTranslation();
  const queue = useOutbox((state) => state.queue);
  const isCounting = queue.some(({ dueAt }) => dueAt > 0);
  const now = useTick(isCounting);
  const last = undoable(queue, Math.max(now, 0));
  if (last) {
    return (
      <div className="crew-foot">
        <button type="button" className="crew-undo" data-testid="milestone-undo" onClick={outbox.undo}>
          <strong>{t('crew.undo', { milestone: t(`milestones.${last.milestone}`) })}</strong>
          <span className="number">
            {t('crew.sentIn', { time: formatTime(last.at), seconds: Math.max(1, Math.ceil((last.dueAt - now) / 1000)) })}
          </span>
        </button>
      </div>
    );
  }
  return (
    <div className="crew-foot">
      <span className="crew-then">{then && t('crew.following', { milestone: t(`milestones.${then}`) })}</span>
      <button type="button" className="crew-button" onClick={onMore} data-testid="crew-more">
        {t('crew.more')}
      </button>
    </div>
  );
}

function useSuggestion(unit: UnitView, standing: Standing | null, target: LonLat | null): Milestone | null {
  const own = useGps((gps) => gps.fix);
  const speed = useClock((state) => state.clock.speed);
  const seen = own ?? positions.find(unit.vehicleId);
  if (!standing || !seen) {
    return null;
  }
  return suggestedMilestone(standing.status, {
    metersToTarget: target ? metersBetween([seen.lon, seen.lat], target) : null,
    speedKmh: seen.speedKmh,
    ageSeconds: (serverNow() - Date.parse(seen.time)) / 1000 / Math.max(1, speed),
    accuracyMeters: own?.accuracyMeters ?? null,
  });
}

/** Calls the crew to a new task, and says which one ended without the crew's own doing. */
function useEndedTask({ assignment, incident }: CrewTask): { number: string | null; forget(): void } {
  const [number, setNumber] = useState<string | null>(null);
  const known = useRef<{ id: string | null; number: string | null; status: string | null } | null>(null);
  const id = assignment?.id ?? null;
  const current = incident?.number ?? null;
  const status = assignment?.status ?? null;
  useEffect(() => {
    const before = known.current;
    known.current = { id, number: current, status };
    if (before === null || before.id === id) {
      return;
    }
    if (id !== null) {
      setNumber(null);
      alertCrew();
    } else if (before.status !== 'handedOver' && !wasFreedHere(before.id)) {
      setNumber(before.number);
      alertCrew();
    }
  }, [id, current, status]);
  return { number, forget: () => setNumber(null) };
}

const freed = new Set<string>();
useOutbox.subscribe(({ queue }) => {
  for (const { milestone, assignmentId } of queue) {
    if (milestone === 'available') {
      freed.add(assignmentId);
    }
  }
});
const wasFreedHere = (assignmentId: string | null) => assignmentId !== null && freed.has(assignmentId);
