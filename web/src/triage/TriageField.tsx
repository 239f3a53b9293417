import { Button } from 'antd';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../api/request';
import type { Draft } from '../incidents/draft';
import { useAction } from '../shell/actions';
import { chosenByKey } from '../shell/choice';
import { inLanguage } from '../shell/i18n';
import { isInputMethod } from '../shell/ime';
import { keyLabel } from '../shell/keys';
import { Failure } from '../shell/Pane';
import { Diamond } from '../shell/Signs';
import { Advice } from './Advice';
import { useTriageReference } from './api';
import { keepAnswers } from './keep';
import './triage.css';
import { answered, heardIn, priorityOf, protocolsFor, type TriageReference, walked } from './triage';

interface TriageFieldProps {
  draft: Draft;
  change(part: Partial<Draft> | ((current: Draft) => Partial<Draft>)): void;
}

/** Under the complaint: the protocol that it finds, one question at a time, then what was reached and what to read aloud. */
export function TriageField(props: TriageFieldProps) {
  const reference = useTriageReference();
  const { t } = useTranslation();
  // Nothing to go by yet.
  if (props.draft.complaint.trim() === '' && props.draft.triage.protocol === null) {
    return null;
  }
  if (reference.data) {
    return <Asking key={props.draft.commandId} {...props} reference={reference.data} />;
  }
  return reference.isError ? <p className="note-text">{t('triage.unread')}</p> : null;
}

function Asking({ draft, change, reference }: TriageFieldProps & { reference: TriageReference }) {
  const { t } = useTranslation();
  const [corrects, setCorrects] = useState<string | null>(null);
  const { triage } = draft;
  const protocol = reference.protocols.find(({ code }) => code === triage.protocol);
  const failure = useKeeping(draft, change);
  const state = protocol && walked(protocol, triage);
  const asked = corrects ?? state?.next ?? null;
  const question = asked === null ? undefined : protocol?.questions[asked];
  const reached = state?.end ? protocol?.determinants[state.end] : undefined;
  const read = reached && protocol?.instructions[reached.instructions];
  const heard = heardIn(reference.keyWords, draft.complaint);
  const offered = protocol ? [] : protocolsFor(reference.protocols, draft.complaint);

  const choose = (code: string | null) => {
    setCorrects(null);
    change((current) => ({ triage: { ...current.triage, protocol: code } }));
  };
  const answer = (code: string) => {
    if (protocol && asked !== null) {
      change((current) => answered(current, protocol, { question: asked, answer: code }));
      setCorrects(null);
    }
  };
  useAction('triage', () => document.querySelector<HTMLElement>('.triage')?.focus());
  const choices = question
    ? question.answers.map((one) => ({ id: one.code, text: inLanguage(one), pick: () => answer(one.code) }))
    : offered.map((one) => ({ id: one.code, text: inLanguage(one.name), pick: () => choose(one.code) }));

  const onKeyDown = (event: KeyboardEvent) => {
    if (isInputMethod(event)) {
      return;
    }
    const digit = /^(Digit|Numpad)[1-9]$/.test(event.code) ? chosenByKey(event, -1, choices.length) : null;
    const before = state?.path.at(-1)?.question;
    if (digit !== null) {
      choices[digit]?.pick();
    } else if (event.code === 'Backspace' && before) {
      setCorrects(before);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: digits answer while the focus is here
    <section className="triage" tabIndex={0} aria-label={t('triage.label')} onKeyDown={onKeyDown} data-testid="triage">
      <header>
        <strong>{protocol ? inLanguage(protocol.name) : t('triage.choose')}</strong> <kbd>{keyLabel('triage')}</kbd>
        {protocol?.approvedBy === null && <span className="mark">{t('triage.notApproved')}</span>}
        {heard && (
          <span className="triage-heard" role="status" data-testid="triage-heard">
            <Diamond priority={priorityOf(heard.level)} /> {t('triage.heard', { word: heard.word })}
          </span>
        )}
        {protocol && (
          <Button size="small" onClick={() => choose(null)} data-testid="triage-change">
            {t('triage.change')}
          </Button>
        )}
      </header>
      {state && protocol && state.path.length > 0 && (
        <div className="triage-path">
          {state.path.map((given) => (
            <button
              key={given.question}
              type="button"
              className="parked-draft"
              onClick={() => setCorrects(given.question)}
              tabIndex={-1}
            >
              {protocol.questions[given.question]?.short}{' '}
              {inLanguage(
                protocol.questions[given.question]?.answers.find(({ code }) => code === given.answer) ?? { zh: '', en: '' },
              )}
            </button>
          ))}
        </div>
      )}
      {question && (
        <p className="triage-question" data-testid="triage-question">
          {inLanguage(question.ask)}
        </p>
      )}
      <div className="triage-choices">
        {choices.map(({ id, text, pick }, index) => (
          <Button key={id} onClick={pick} tabIndex={-1} data-testid={`triage-choice-${id}`}>
            <kbd>{index + 1}</kbd> {text}
          </Button>
        ))}
      </div>
      {reached && !corrects && (
        <div data-testid="triage-reached">
          <p className="triage-reached" role="status">
            <Diamond priority={priorityOf(reached.level)} /> <strong>{levelName(reference, reached.level)}</strong>{' '}
            <span className="number">{state?.end}</span> {inLanguage(reached)}
          </p>
          <p className="note-text">
            {[
              t(`triage.crew.${reached.crew}`),
              reached.secondUnit ? t('triage.second') : '',
              reached.hospital ? t('triage.hospital', { what: t(`hospital.capabilities.${reached.hospital as 'stroke'}`) }) : '',
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
          {read && <Advice key={state?.end} read={read} />}
        </div>
      )}
      {failure && <Failure failure={failure} />}
      <p className="note-text">{t('triage.keys')}</p>
    </section>
  );
}

function levelName({ levels }: TriageReference, code: string): string {
  const level = levels.find((one) => one.code === code);
  return level ? inLanguage({ zh: level.name, en: level.nameEn }) : code;
}

const againMs = 3000;

/** Keeps the answers of a call as they are given. Where nobody answers they are sent again; what is refused is said. */
function useKeeping(draft: Draft, change: TriageFieldProps['change']): Problem | null {
  const [failure, setFailure] = useState<Problem | null>(null);
  const [round, setRound] = useState(0);
  const { callId, commandId, triage } = draft;
  const isOpen = triage.answers.length > triage.kept;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another answer, or another round, sends what is not kept yet
  useEffect(() => {
    if (callId === null || !isOpen) {
      return;
    }
    let again = 0;
    let isOver = false;
    void keepAnswers({ callId }, draft).then(({ kept, problem }) => {
      if (isOver) {
        return;
      }
      setFailure(problem);
      change((current) => (current.commandId === commandId ? { triage: { ...current.triage, kept } } : {}));
      if (problem?.isPassing) {
        again = window.setTimeout(() => setRound((now) => now + 1), againMs);
      }
    });
    return () => {
      isOver = true;
      window.clearTimeout(again);
    };
  }, [callId, isOpen, triage.answers.length, round]);
  return failure;
}
