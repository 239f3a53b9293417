import { create } from 'zustand';
import type { LonLat, Priority } from '../api/contract';
import type { ThemeName } from './theme';

// What this desk looks at: the selection that lists, map and detail share. The server knows nothing of it.

export type Pane =
  | 'calls'
  | 'waiting'
  | 'running'
  | 'map'
  | 'suggestions'
  | 'units'
  | 'detail'
  | 'hospitals'
  | 'alarms'
  | 'handover';
export type Act =
  | 'note'
  | 'phone'
  | 'priority'
  | 'recall'
  | 'divert'
  | 'relieve'
  | 'hospital'
  | 'close'
  | 'reopen'
  | 'addAgency'
  | 'agency'
  | 'todo'
  | 'link'
  | 'unlink'
  | 'correct';

export interface DeskState {
  theme: ThemeName;
  incidentId: string | null;
  /** The one that was selected before it. */
  previousIncidentId: string | null;
  unitId: string | null;
  /** The vehicle of the city's fleet that is looked at: chosen on the map, or by a list. */
  vehicleId: string | null;
  /** The closure that is looked at. */
  closureId: string | null;
  /** The call that is looked at without its form: of another seat, or with its incident already there. */
  callId: string | null;
  /** The call form is open in the detail pane. */
  formOpen: boolean;
  /** The detail has the map's room, too. */
  isWide: boolean;
  /** The small panel that is open in the detail pane. */
  act: Act | null;
  lowerRight: 'suggestions' | 'units' | 'hospitals' | 'alarms' | 'handover';
  ticked: readonly string[];
  /** The unit in the suggestions whose route is shown. */
  previewUnitId: string | null;
  /** Where the open draft says it happened. */
  draftPlace: LonLat | null;
  /** How urgent the open draft is. */
  draftPriority: Priority | null;
  /** Of which type the open draft is. */
  draftType: string;
  /** A place that was searched for: marked until something else is looked at. */
  foundPlace: LonLat | null;
  helpOpen: boolean;
  /** What the search is asked for from elsewhere; each time anew. */
  sought: { text: string } | null;
}

const remembered = 'geodispatch.theme';

// What had the focus before a layer opened: Esc leads back there.
let before: HTMLElement | null = null;

function rememberFocus() {
  if (document.activeElement instanceof HTMLElement && document.activeElement !== document.body) {
    before = document.activeElement;
  }
}

function giveFocusBack() {
  requestAnimationFrame(() => {
    if (document.activeElement === document.body && before?.isConnected) {
      before.focus();
    }
  });
}

export const useDesk = create<DeskState>(() => ({
  theme: localStorage.getItem(remembered) === 'night' ? 'night' : 'day',
  incidentId: null,
  previousIncidentId: null,
  unitId: null,
  vehicleId: null,
  closureId: null,
  callId: null,
  formOpen: false,
  isWide: false,
  act: null,
  lowerRight: 'suggestions',
  ticked: [],
  previewUnitId: null,
  draftPlace: null,
  draftPriority: null,
  draftType: 'medical',
  foundPlace: null,
  helpOpen: false,
  sought: null,
}));

/** Selecting nothing forgets it: another person's desk begins empty. */
function previousOf({ incidentId, previousIncidentId }: DeskState, next: string | null): string | null {
  if (next === null) {
    return null;
  }
  return incidentId === null || incidentId === next ? previousIncidentId : incidentId;
}

export const desk = {
  selectIncident(incidentId: string | null): void {
    useDesk.setState((state) =>
      state.incidentId === incidentId && !state.formOpen
        ? { vehicleId: null, closureId: null, callId: null, foundPlace: null }
        : {
            foundPlace: null,
            incidentId,
            previousIncidentId: previousOf(state, incidentId),
            formOpen: false,
            act: null,
            ticked: [],
            previewUnitId: null,
            unitId: null,
            vehicleId: null,
            closureId: null,
            callId: null,
          },
    );
  },
  selectUnit(unitId: string | null): void {
    useDesk.setState({ unitId, foundPlace: null });
  },
  selectVehicle(vehicleId: string | null): void {
    useDesk.setState({ vehicleId, closureId: null, callId: null, foundPlace: null });
  },
  selectClosure(closureId: string | null): void {
    useDesk.setState({ closureId, vehicleId: null, callId: null, foundPlace: null });
  },
  selectCall(callId: string | null): void {
    useDesk.setState({ callId, vehicleId: null, closureId: null, formOpen: false, foundPlace: null });
  },
  showPlace(foundPlace: LonLat): void {
    useDesk.setState({ foundPlace });
  },
  searchFor(text: string): void {
    useDesk.setState({ sought: { text } });
  },
  openForm(): void {
    if (!useDesk.getState().formOpen) {
      rememberFocus();
    }
    useDesk.setState({ formOpen: true, foundPlace: null, act: null, ticked: [], previewUnitId: null, lowerRight: 'suggestions' });
  },
  closeForm(): void {
    giveFocusBack();
    useDesk.setState({ formOpen: false, draftPlace: null, ticked: [], previewUnitId: null });
  },
  show(act: Act | null): void {
    if (act === null) {
      giveFocusBack();
    } else if (useDesk.getState().act === null) {
      rememberFocus();
    }
    useDesk.setState({ act });
  },
  tick(unitId: string): void {
    useDesk.setState(({ ticked }) => ({
      ticked: ticked.includes(unitId) ? ticked.filter((other) => other !== unitId) : [...ticked, unitId],
    }));
  },
  switchTheme(): void {
    useDesk.setState(({ theme }) => {
      const next = theme === 'day' ? 'night' : 'day';
      localStorage.setItem(remembered, next);
      return { theme: next };
    });
  },
};

/** Moves the focus to a pane: to the row it had, its first field, or the pane itself. */
export function focusPane(pane: Pane): void {
  const element = document.querySelector<HTMLElement>(`[data-pane="${pane}"]`);
  const row = element?.querySelector<HTMLElement>('[role=option][tabindex="0"]');
  const field = element?.querySelector<HTMLElement>('.pane-body input:not([type=file], [type=checkbox])');
  (row ?? field ?? element)?.focus();
}
