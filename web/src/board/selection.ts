import { desk, useDesk } from '../shell/desk';

// What the desk and the second screen share: the selection, never the focus. Both are windows of one browser and one session.

type Side = 'desk' | 'board';

interface Said {
  from: Side;
  /** The board is there, or goes away. */
  presence?: 'here' | 'gone';
  /** Who comes later asks what is selected. */
  asks?: true;
  selection?: { incidentId: string | null; unitId: string | null };
}

const name = 'geodispatch.selection';
let isBoardThere = false;

/** Tells the other window of each selection made here, and takes over what was selected there. */
export function shareSelection(side: Side): () => void {
  const channel = new BroadcastChannel(name);
  const say = (said: Omit<Said, 'from'>) => channel.postMessage({ from: side, ...said } satisfies Said);
  const tell = ({ incidentId, unitId } = useDesk.getState()) => say({ selection: { incidentId, unitId } });
  let isTaking = false;

  channel.onmessage = ({ data }: MessageEvent<Said>) => {
    if (data.from === side) {
      return;
    }
    if (data.presence) {
      isBoardThere = data.presence === 'here';
    }
    if (data.asks) {
      tell();
      if (side === 'board') {
        say({ presence: 'here' });
      }
    }
    // A call being taken is not put aside by a click on another screen.
    if (data.selection?.incidentId && !useDesk.getState().formOpen) {
      isTaking = true;
      desk.selectIncident(data.selection.incidentId);
      desk.selectUnit(data.selection.unitId);
      isTaking = false;
    } else if (data.selection?.unitId && !useDesk.getState().formOpen) {
      isTaking = true;
      desk.selectUnit(data.selection.unitId);
      isTaking = false;
    }
  };
  const unsubscribe = useDesk.subscribe((now, before) => {
    if (!isTaking && (now.incidentId !== before.incidentId || now.unitId !== before.unitId)) {
      tell(now);
    }
  });
  const leave = () => {
    if (side === 'board') {
      say({ presence: 'gone' });
    }
  };
  window.addEventListener('pagehide', leave);
  say(side === 'board' ? { presence: 'here', asks: true } : { asks: true });
  return () => {
    leave();
    window.removeEventListener('pagehide', leave);
    unsubscribe();
    channel.close();
  };
}

/** Opens the second screen where there is none. One that is there keeps its place, and this window the focus. */
export function openBoard(): void {
  if (!isBoardThere) {
    window.open('/board', 'geodispatch-board', 'popup,width=1920,height=1080');
  }
}
