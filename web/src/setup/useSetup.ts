import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useAct } from '../admin/useAdmin';
import { serverNow } from '../shell/clock';
import { language } from '../shell/i18n';
import { type Named, type Need, setup } from './api';

// What the three pages read, and what is being written over it.

/** Somebody else may change it, too. */
const pollMs = 30_000;

/** The codes with their names: the same that the desk reads, but never old. */
export const useReference = () =>
  useQuery({ queryKey: ['reference'], queryFn: ({ signal }) => setup.reference(signal), refetchInterval: pollMs });

export const useStations = () => useQuery({ queryKey: ['setup', 'stations'], queryFn: ({ signal }) => setup.stations(signal) });

export const useCards = () =>
  useQuery({ queryKey: ['setup', 'cards'], queryFn: ({ signal }) => setup.cards(signal), refetchInterval: pollMs });

/** Asked anew with each change of the needs; the answer before it stands until then. */
export const useGap = (needs: readonly Need[]) =>
  useQuery({
    queryKey: ['setup', 'gap', needs],
    queryFn: ({ signal }) => setup.gap(needs, signal),
    enabled: needs.length > 0,
    placeholderData: keepPreviousData,
  });

/** Typed over what the server says, and the version that it was typed over: whoever changed it meanwhile is not written over. */
export function useEdit<Value>(value: Value, version: number | null) {
  const [edit, setEdit] = useState<{ value: Value; version: number | null } | null>(null);
  return {
    value: edit?.value ?? value,
    version: edit === null ? version : edit.version,
    isChanged: edit !== null,
    change: (next: Value) => setEdit({ value: next, version: edit === null ? version : edit.version }),
    reset: () => setEdit(null),
  };
}

/** Sends, then reads again what the list shows. What was refused stays typed. */
export function useSave(root: string, onRefresh: () => Promise<unknown>) {
  const { act, clear, ...rest } = useAct(root);
  const save = <Answer>(send: () => Promise<Answer>): Promise<Answer | null> =>
    act(async () => {
      const answer = await send();
      await onRefresh();
      return answer;
    });
  /** Takes back what was refused, and reads what it is now. */
  const reload = () => {
    clear();
    void onRefresh();
  };
  return { ...rest, save, reload };
}

/** What was saved last, in words, and when: the same said twice is seen to be said again. */
export interface Said {
  text: string;
  at: number;
}

export function useSaid() {
  const [said, setSaid] = useState<Said | null>(null);
  return { said, say: (text: string) => setSaid({ text, at: serverNow() }) };
}

export const nameOf = ({ name, nameEn }: Pick<Named, 'name' | 'nameEn'>): string => (language() === 'zh' ? name : nameEn);

/** The names of codes, in their order; a code that nobody knows stands for itself. */
export const namesOf = (codes: readonly string[], known: readonly Named[]): string[] =>
  codes.map((code) => {
    const found = known.find((one) => one.code === code);
    return found ? nameOf(found) : code;
  });
