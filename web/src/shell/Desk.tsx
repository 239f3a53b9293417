import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { AlarmPin } from '../alarms/AlarmPin';
import { openBoard, shareSelection } from '../board/selection';
import { CallPanel } from '../calls/CallPanel';
import { CallStrip } from '../calls/CallStrip';
import { useCallWork } from '../calls/useCallWork';
import { ClosurePanel } from '../closures/ClosurePanel';
import { CommandLine } from '../command/CommandLine';
import { watchHospitals } from '../feed/hospitals';
import { watchIncidents } from '../feed/incidents';
import { positions } from '../feed/positions';
import { usePulse } from '../feed/pulse';
import { VehiclePanel } from '../fleet/VehiclePanel';
import { Detail } from '../incidents/Detail';
import { IncidentForm } from '../incidents/IncidentForm';
import { IncidentList } from '../incidents/IncidentList';
import { neighbour } from '../incidents/order';
import { useBoard, useCity, useRoadsProbe } from '../incidents/useBoard';
import { useDrafts } from '../incidents/useDraft';
import { useMapState } from '../map/control';
import { DeskMap } from '../map/DeskMap';
import { LowerRight } from '../units/LowerRight';
import { useAction } from './actions';
import { Band } from './Band';
import { desk, focusPane, useDesk } from './desk';
import { Help } from './Help';
import { TopBar } from './TopBar';
import { useReady } from './useReady';

/** The dispatcher's desk: what needs me, and whom to send? */
export function Desk({ userName }: { userName: string }) {
  const queries = useQueryClient();
  const board = useBoard();
  const drafts = useDrafts(userName);
  usePulse();
  const work = useCallWork(drafts);
  useRoadsProbe(useCity().data?.center);
  const formOpen = useDesk((state) => state.formOpen);
  const helpOpen = useDesk((state) => state.helpOpen);
  const incidentId = useDesk((state) => state.incidentId);
  const vehicleId = useDesk((state) => state.vehicleId);
  const callId = useDesk((state) => state.callId);
  const closureId = useDesk((state) => state.closureId);
  const isWide = useDesk((state) => state.isWide);
  const isDetail = !formOpen && vehicleId === null && closureId === null;
  const shownId = formOpen ? drafts.draft.callId : callId;
  const caller = work.calls.find(({ id }) => id === shownId)?.place ?? null;
  const styleLoaded = useMapState((state) => state.styleLoaded);

  useEffect(() => {
    const hub = watchIncidents(queries);
    const hospitals = watchHospitals(queries);
    const stopPositions = positions.connect();
    const stopSharing = shareSelection('desk');
    return () => {
      hub.stop();
      hospitals.stop();
      stopPositions();
      stopSharing();
    };
  }, [queries]);

  // From a figure to its incident: the page beside the desk leads here.
  useEffect(() => {
    const asked = new URLSearchParams(location.search).get('incident');
    if (asked && /^[0-9a-f-]{36}$/.test(asked)) {
      desk.selectIncident(asked);
      history.replaceState(null, '', '/');
    }
  }, []);

  const step = (direction: 1 | -1) => {
    const next = neighbour(board.data?.incidents ?? [], incidentId, direction);
    if (next) {
      void drafts.save();
      desk.selectIncident(next);
    }
  };
  useAction('nextIncident', () => step(1));
  useAction('previousIncident', () => step(-1));
  useAction('paneDetail', () => focusPane('detail'));
  useAction('paneMap', () => focusPane('map'));
  useAction('toBoard', openBoard);
  useAction('help', () => useDesk.setState({ helpOpen: true }));

  const isReady = styleLoaded && board.isSuccess;
  useReady(isReady);

  return (
    <main className={isDetail && isWide ? 'desk is-wide' : 'desk'}>
      <h1 className="unseen">GeoDispatch</h1>
      <TopBar drafts={drafts} />
      <Band />
      <AlarmPin />
      <div className="desk-left">
        <CallStrip work={work} />
        <IncidentList which="waiting" />
        <IncidentList which="running" />
      </div>
      <DeskMap drafts={drafts} caller={caller} />
      <div className={`desk-right ${formOpen ? 'has-form' : ''}`}>
        {formOpen ? (
          <IncidentForm work={work} />
        ) : callId ? (
          <CallPanel key={callId} callId={callId} work={work} />
        ) : vehicleId ? (
          <VehiclePanel key={vehicleId} vehicleId={vehicleId} />
        ) : closureId ? (
          <ClosurePanel key={closureId} closureId={closureId} />
        ) : (
          <Detail />
        )}
        <LowerRight />
      </div>
      <CommandLine work={work} />
      {helpOpen && <Help />}
    </main>
  );
}
