import { Button, type InputRef } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newId } from '../api/server';
import { isMine, oldestRinging } from '../calls/order';
import type { CallWork } from '../calls/useCallWork';
import { useChoice } from '../hospital/useChoice';
import { useTypes } from '../incidents/TypeField';
import { useBoard, useCommand, useDestinations, useRecommendations } from '../incidents/useBoard';
import { usePlaces } from '../places/usePlaces';
import { run, useAction, useBack } from '../shell/actions';
import { Combobox } from '../shell/Combobox';
import { serverNow } from '../shell/clock';
import { focusPane, useDesk } from '../shell/desk';
import { keyLabel } from '../shell/keys';
import { describe } from '../shell/Pane';
import { CompletionChoice } from './CompletionChoice';
import './command.css';
import { complete } from './complete';
import { hospitalUnitOf, placeWordOf } from './grammar';
import { unitsCalled } from './names';
import { read } from './parse';
import type { World } from './reading';
import { runOrder } from './run';
import { sayOrder, sayReading } from './say';
import { type Asked, asksTwice, pressEnter } from './twice';
import { useUndo, withdrawUndo } from './undo';

/** F4: the desk by words. What a line would do stands beside it before it is done. */
export function CommandLine({ work }: { work: CallWork }) {
  const { t } = useTranslation();
  const { send, isSending, problem, clear } = useCommand();
  const [text, setText] = useState('');
  const world = useWorld(text, work);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const [hasFocus, setFocus] = useState(false);
  const field = useRef<InputRef>(null);
  const before = useRef<Element | null>(null);
  const command = useRef({ line: '', id: '' });
  const undo = useUndo((state) => state.offer);

  const reading = useMemo(() => read(text, { ...world, now: serverNow() }), [text, world]);
  const completions = useMemo(() => (text.trim() === '' ? [] : complete(text, world)), [text, world]);
  const choices = useMemo(
    () =>
      completions.map((completion) => ({ id: completion.id, content: <CompletionChoice key={completion.id} of={completion} /> })),
    [completions],
  );
  const selected = world.incidents.find(({ id, status }) => id === world.selectedId && status !== 'closed');
  const order = reading.kind === 'order' ? reading.order : null;
  const to = order?.verb === 'dispatch' || order?.verb === 'divert' ? order.incident : null;
  const { data: found } = useRecommendations(
    to && { lon: to.place.lon, lat: to.place.lat, type: to.type, priority: to.priority, incidentId: to.id },
  );
  const said = sayReading(reading, found, world.ranking, world.now, t);
  // Times by road change every few seconds: the order they are told of is the same.
  const what = order ? sayOrder(order, undefined, null, world.now, t) : '';
  const isAsked = asked !== null && asked.what === what;

  useEffect(() => withdrawUndo, []);
  useAction('commandLine', () => {
    if (!hasFocus) {
      before.current = document.activeElement;
    }
    field.current?.focus({ cursor: 'all' });
  });
  // A call that is being taken, or its form, has its own: it is mounted later, and comes first.
  useAction(
    'merge',
    selected
      ? () => {
          before.current = document.activeElement;
          setText(`${t('command.mergeVerb')} ${selected.number} `);
          setAsked(null);
          field.current?.focus({ cursor: 'end' });
        }
      : null,
  );
  useBack(
    hasFocus
      ? () => {
          if (before.current instanceof HTMLElement && before.current !== document.body && before.current.isConnected) {
            before.current.focus();
          } else {
            focusPane('detail');
          }
        }
      : null,
  );
  useAction(
    'undo',
    undo && !isSending
      ? async () => {
          withdrawUndo();
          if (await send(undo.act)) {
            setDone(t('command.undone', { what: undo.what }));
          }
        }
      : null,
  );

  const reasons = {
    undoReason: t('command.undoReason'),
    mergeReason: t('command.mergeReason'),
    divertReason: (incident: string) => t('command.divertReason', { incident }),
  };

  // The form of the call stands beside the line, and the hand stays where it is.
  const answer = async (callId: string) => {
    const call = work.calls.find(({ id }) => id === callId);
    return call !== undefined && (await work.take(call, false));
  };

  const change = (next: string) => {
    setText(next);
    setAsked(null);
    setDone(null);
    clear();
  };

  const onEnter = async () => {
    if (!order || isSending) {
      return;
    }
    const press = pressEnter(asked, what, asksTwice(order, world.incidents), performance.now());
    setAsked(press.asked);
    if (!press.runs) {
      return;
    }
    if (command.current.line !== text) {
      command.current = { line: text, id: newId() };
    }
    if (await runOrder(order, world, reasons, send, { commandId: command.current.id, answer })) {
      command.current = { line: '', id: '' };
      // What was typed while the answer was awaited is another line.
      setText((current) => (current === text ? '' : current));
      setDone(said);
    }
  };

  return (
    <section className="command" aria-label={t('command.label')} data-testid="command">
      <Combobox
        label={t('command.label')}
        inputRef={field}
        value={text}
        placeholder={t('command.hint')}
        prefix={<kbd>{keyLabel('commandLine')}</kbd>}
        choices={choices}
        testId="command-line"
        choiceTestId="command-option"
        maxLength={1200}
        onText={change}
        onPick={(id) => change(completions.find((completion) => completion.id === id)?.line ?? text)}
        onEnter={() => void onEnter()}
        onFocusChange={setFocus}
      />
      <Outcome
        kind={isSending ? 'sending' : problem !== null ? 'failed' : done !== null ? 'done' : isAsked ? 'again' : reading.kind}
        text={problem !== null && !isSending ? describe(problem) : (done ?? said)}
      />
      {undo && (
        <Button onClick={() => run('undo')} data-testid="undo">
          {t('command.undo')} <kbd>{keyLabel('undo')}</kbd>
        </Button>
      )}
      <Button onClick={() => run('toBoard')} data-testid="to-board">
        {t('board.open')} <kbd>{keyLabel('toBoard')}</kbd>
      </Button>
    </section>
  );
}

type OutcomeKind = 'blank' | 'unfinished' | 'refused' | 'ambiguous' | 'order' | 'again' | 'sending' | 'done' | 'failed';

/** A sign before the words, so that they are told apart without colour, too. */
const signs: Record<OutcomeKind, string> = {
  blank: '',
  unfinished: '…',
  refused: '✕',
  ambiguous: '?',
  order: '⏎',
  again: '⏎⏎',
  sending: '…',
  done: '✓',
  failed: '✕',
};

function Outcome({ kind, text }: { kind: OutcomeKind; text: string }) {
  const { t } = useTranslation();
  return (
    <p className={`command-said command-${kind}`} role="status" title={text} data-testid="command-said" data-kind={kind}>
      <span aria-hidden="true">{signs[kind]}</span>
      {kind === 'again' && <strong>{t('command.again')}</strong>}
      {kind === 'sending' && <span>{t('command.sending')}</span>}
      {kind === 'done' && <strong>{t('command.done')}</strong>}
      <span className="cut">{text}</span>
    </p>
  );
}

/** What the words of this desk can be about. */
function useWorld(line: string, { calls, seat }: CallWork): World {
  const board = useBoard().data;
  const destinations = useDestinations().data?.destinations;
  const selectedId = useDesk((state) => state.incidentId);
  const previousId = useDesk((state) => state.previousIncidentId);
  const { i18n } = useTranslation();
  const types = useTypes();
  const word = placeWordOf(line);
  const { places, isWaiting, error } = usePlaces(word, 8);
  const bringing = useMemo(() => unitsCalled(hospitalUnitOf(line), board?.units ?? []), [line, board]);
  const brings = bringing.length === 1 ? bringing[0] : undefined;
  const run = brings?.assignmentId && brings.incidentId ? { id: brings.assignmentId, incidentId: brings.incidentId } : null;
  const choice = useChoice(run).ranking.data;
  return useMemo(
    () => ({
      incidents: board?.incidents ?? [],
      units: board?.units ?? [],
      destinations: destinations ?? [],
      ranking: brings && choice ? { unitId: brings.id, choice } : null,
      types,
      places: word === '' || isWaiting || error ? null : { word, found: places },
      seat,
      ringing: oldestRinging(calls) ?? null,
      speaking: calls.find((call) => isMine(call, seat) && call.result === null) ?? null,
      selectedId,
      previousId,
      language: i18n.language === 'en' ? 'en' : 'zh',
      now: serverNow(),
    }),
    [
      board,
      destinations,
      brings,
      choice,
      types,
      word,
      isWaiting,
      error,
      places,
      seat,
      calls,
      selectedId,
      previousId,
      i18n.language,
    ],
  );
}
