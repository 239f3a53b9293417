import { useCallback, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { newId } from '../api/server';
import { DraftKeeper } from '../calls/keepDraft';
import { serverNow } from '../shell/clock';
import { desk, useDesk } from '../shell/desk';
import { type Draft, isBlank, loadDrafts, newDraft, removeDraft, saveDraft } from './draft';

const saveEveryMs = 2000;

/**
 * The drafts of this user in this browser: one open, the others parked. Saved every two seconds and on every leave, those of a call beside
 * the call as well.
 */
export function useDrafts(userName: string) {
  const [draft, setDraft] = useState<Draft>(() => newDraft(newId(), serverNow()));
  const [parked, setParked] = useState<Draft[]>(() => loadDrafts(localStorage, userName));
  const latest = useRef(draft);
  latest.current = draft;
  const isDirty = useRef(false);
  const [keeper] = useState(() => new DraftKeeper());

  const save = useCallback(() => {
    if (isDirty.current) {
      isDirty.current = false;
      const saved = { ...latest.current, savedAt: serverNow() };
      saveDraft(localStorage, userName, saved);
      keeper.give(saved);
      setDraft((current) => (current.commandId === saved.commandId ? { ...current, savedAt: saved.savedAt } : current));
      setParked(loadDrafts(localStorage, userName));
    }
    return keeper.flush();
  }, [userName, keeper]);

  useEffect(() => {
    const timer = window.setInterval(() => void save(), saveEveryMs);
    window.addEventListener('pagehide', save);
    return () => {
      window.clearInterval(timer);
      window.removeEventListener('pagehide', save);
    };
  }, [save]);

  useEffect(() => useDesk.setState({ draftPriority: draft.priority, draftType: draft.type }), [draft.priority, draft.type]);

  const change = useCallback((part: Partial<Draft> | ((current: Draft) => Partial<Draft>)) => {
    isDirty.current = true;
    setDraft((current) => ({ ...current, ...(typeof part === 'function' ? part(current) : part) }));
  }, []);

  const open = useCallback(
    (next: Draft) => {
      void save();
      isDirty.current = false;
      setDraft(next);
      useDesk.setState({ draftPlace: next.place ? [next.place.lon, next.place.lat] : null });
      desk.openForm();
    },
    [save],
  );

  const forget = useCallback(
    (commandId: string) => {
      removeDraft(localStorage, userName, commandId);
      setParked(loadDrafts(localStorage, userName));
      if (latest.current.commandId === commandId) {
        isDirty.current = false;
        setDraft(newDraft(newId(), serverNow()));
      }
    },
    [userName],
  );

  const openNew = useCallback(() => {
    // A form that is open but blank is the new one already; one of a call stays that call's.
    const isNew = isBlank(latest.current) && latest.current.callId === null;
    // Shown and focused before the next key is heard: it belongs into the address.
    flushSync(() => open(useDesk.getState().formOpen && isNew ? latest.current : newDraft(newId(), serverNow())));
    document.getElementById('field-address')?.focus();
  }, [open]);

  /** Also the one that is open, as it stands now. */
  const all = useCallback(() => [latest.current, ...loadDrafts(localStorage, userName)], [userName]);

  const others = parked.filter((other) => other.commandId !== draft.commandId);
  return { draft, parked: others, all, change, save, open, openNew, forget };
}

export type Drafts = ReturnType<typeof useDrafts>;
