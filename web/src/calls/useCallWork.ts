import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { Problem } from '../api/request';
import { newId, server } from '../api/server';
import { isBlank } from '../incidents/draft';
import { useCommand } from '../incidents/useBoard';
import type { Drafts } from '../incidents/useDraft';
import { useAction } from '../shell/actions';
import { desk, focusPane, useDesk } from '../shell/desk';
import { type Call, callsApi } from './api';
import { isSecondPress, say, showAct, useCallDesk } from './desk';
import { draftOfCall, wordsOf } from './drafts';
import { isMine, oldestRinging, speaking } from './order';
import { callKey, useCallCommand, useCalls } from './useCalls';

const none: readonly Call[] = [];

/** Into the first field, unless the hand is in the form already. */
function focusForm() {
  if (!document.activeElement?.closest('.form-pane')) {
    document.getElementById('field-address')?.focus();
  }
}

/** Somebody is at work in a field: what opens by itself must not take it away. */
const isTyping = () => document.activeElement?.matches('input, textarea, select, [contenteditable]') ?? false;

/** What a dispatcher does with calls, by F2, in the strip and in the form: take, open, merge. */
export function useCallWork(drafts: Drafts) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const list = useCalls().data;
  const calls = list?.calls ?? none;
  const seat = list?.seat ?? null;
  const { send, isSending } = useCallCommand();
  const incidents = useCommand();
  const isAnswering = useRef(false);
  /** Calls at my seat whose form was opened or need not open by itself; null until the lists are read. */
  const opened = useRef<Set<string> | null>(null);

  const isShown = (call: Call) => useDesk.getState().formOpen && drafts.all()[0]?.callId === call.id;

  /** Shows the form of a call with what was typed of it, here or at another seat. */
  const openForm = async (call: Call, movesFocus: boolean) => {
    await drafts.save();
    const detail = await queries
      .fetchQuery({ queryKey: callKey(call.id), queryFn: () => callsApi.read(call.id), staleTime: 0 })
      .catch(() => null);
    const [open] = drafts.all();
    // What is being typed stays as it is; into a blank form comes what another seat had typed.
    if (!isShown(call) || (open && isBlank(open) && detail?.draft)) {
      showForm(call, detail?.draft?.content, movesFocus);
    } else if (movesFocus) {
      focusForm();
    }
  };

  const showForm = (call: Call, kept: unknown, movesFocus: boolean) => {
    const local = drafts.all().find(({ callId }) => callId === call.id);
    // Shown and focused before the next key is heard: it belongs into the address.
    flushSync(() => {
      drafts.open(draftOfCall(call, local, kept, newId));
      showAct(null);
    });
    if (movesFocus) {
      focusForm();
    }
  };

  /** The form that was shown before the call was taken, once it turned out that it could not be. */
  const letGoOf = (call: Call) => {
    const [open] = drafts.all();
    if (open?.callId !== call.id) {
      return;
    }
    if (isBlank(open)) {
      drafts.forget(open.commandId);
      desk.closeForm();
    } else {
      drafts.change({ callId: null });
    }
  };

  /** Takes a call to my seat. What was spoken with till now is parked with its draft. */
  const take = async (call: Call, movesFocus = true): Promise<boolean> => {
    if (isAnswering.current) {
      return false;
    }
    // Whoever looks at its form already has the hand where he wants it by the time that the call is his.
    const focuses = movesFocus && !isShown(call);
    isAnswering.current = true;
    try {
      const before = speaking(calls, seat).filter(({ id }) => id !== call.id);
      await drafts.save();
      const taken = await send(() => callsApi.take(call.id));
      if (!taken) {
        return false;
      }
      opened.current?.add(call.id);
      for (const { id } of before) {
        await send(() => callsApi.park(id));
      }
      if (taken.answer.result === null) {
        await openForm(taken.answer, focuses);
      } else {
        desk.selectCall(call.id);
      }
      return true;
    } finally {
      isAnswering.current = false;
    }
  };

  const answerOrNew = async () => {
    const ringing = oldestRinging(calls);
    if (!ringing || seat === null) {
      drafts.openNew();
      if (ringing) {
        say(t('calls.noSeat'));
      }
      return;
    }
    if (isAnswering.current) {
      return;
    }
    // The form stands at once, for what is said first; whether the call is ours is known a moment later.
    showForm(ringing, undefined, true);
    if (!(await take(ringing))) {
      letGoOf(ringing);
      const { said } = useCallDesk.getState();
      if (said && 'failure' in said && said.failure instanceof Problem && said.failure.isPassing) {
        // The server is away, the caller is not: a form without its call still takes every word.
        drafts.openNew();
      }
    }
  };
  useAction('newIncident', () => void answerOrNew());

  const open = (call: Call) => {
    if (call.status === 'ringing' || call.status === 'parked' || call.status === 'callBack') {
      if (seat === null) {
        say(t('calls.noSeat'));
        document.getElementById('field-seat')?.focus();
      } else {
        void take(call);
      }
    } else if (isMine(call, seat) && call.result === null) {
      showAct(null);
      void openForm(call, true);
    } else {
      showAct(null);
      desk.selectCall(call.id);
      if (call.status === 'answered' && !isMine(call, seat) && call.seat) {
        say(t('calls.heldElsewhere', { seat: call.seat }));
      }
    }
  };

  // The exchange put a call through to this seat: its form pops up, but over nothing that is being typed.
  const mine = calls.filter((call) => isMine(call, seat) && call.result === null);
  useEffect(() => {
    if (!list || isAnswering.current) {
      return;
    }
    // What stood here before this screen was opened is in the strip.
    const isFirst = opened.current === null;
    opened.current ??= new Set();
    const fresh = mine.filter(({ id }) => !opened.current?.has(id));
    for (const { id } of fresh) {
      opened.current.add(id);
    }
    const { formOpen, act } = useDesk.getState();
    const newest = fresh.at(-1);
    if (newest && !isFirst && !formOpen && act === null) {
      void openForm(newest, !isTyping());
    }
  });

  /** Says that the form tells of an incident that is known; what was typed goes there as a note. */
  const merge = async (incidentId: string, number: string) => {
    const { draft } = drafts;
    if (!isSecondPress(`merge ${incidentId}`, t('calls.mergeAsk', { incident: number }))) {
      return;
    }
    const merged = await send(async () => {
      let { callId } = draft;
      if (callId === null) {
        // Nobody rang by the exchange: what was told is a call all the same, and may be split again.
        callId = (await callsApi.enter(draft.callbackNumber.trim() || null)).id;
        opened.current?.add(callId);
        drafts.change({ callId });
      }
      return callsApi.merge(callId, incidentId);
    });
    if (merged) {
      const words = wordsOf(draft);
      if (words) {
        await incidents.send(() => server.addNote(incidentId, t('calls.mergedWords', { words })));
      }
      drafts.forget(draft.commandId);
      desk.closeForm();
      desk.selectIncident(incidentId);
      requestAnimationFrame(() => focusPane('detail'));
    }
  };

  const split = async (call: Pick<Call, 'id' | 'incidentNumber'>) => {
    if (isSecondPress(`split ${call.id}`, t('calls.splitAsk', { incident: call.incidentNumber }))) {
      const done = await send(() => callsApi.split(call.id));
      if (done) {
        await openForm(done.answer, true);
      }
    }
  };

  /** Its number is shown whole to the seat that holds it alone: so it is taken first. */
  const callBack = async (call: Call) => {
    if (isMine(call, seat) || (await take(call))) {
      showAct('calling');
    }
  };

  return { calls, seat, isSending, send, take, open, merge, split, callBack, drafts };
}

export type CallWork = ReturnType<typeof useCallWork>;
