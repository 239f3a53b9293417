import { useRef, useState } from 'react';
import type { IncidentDetail } from '../api/contract';
import { newId } from '../api/server';
import { hospitalApi, type SentPrealert } from './api';
import { patientOf, type SummaryDraft, summaryOf, type TriageResult } from './summary';
import { useReadSent } from './useChoice';

/** A pre-alert that is being typed: what was typed stays until it is sent, whichever hospital it then goes to. */
export function usePrealert(
  runId: string,
  incident: Pick<IncidentDetail, 'complaint' | 'timeline'>,
  triage: TriageResult | undefined,
  sent: readonly SentPrealert[] | undefined,
) {
  const [typed, setTyped] = useState<SummaryDraft | null>(null);
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const command = useRef({ said: '', id: '' });
  const readSent = useReadSent();
  const draft = typed ?? summaryOf(incident, triage, sent?.at(-1));

  /** True once the server has it. */
  const send = async (hospitalId: string): Promise<boolean> => {
    const patient = patientOf(draft);
    const said = JSON.stringify([hospitalId, patient]);
    // The same words again after a lost answer are the same command.
    if (command.current.said !== said) {
      command.current = { said, id: newId() };
    }
    setSending(true);
    setProblem(null);
    try {
      await hospitalApi.announce(runId, command.current.id, hospitalId, patient);
      command.current = { said: '', id: '' };
      setTyped(null);
      readSent(runId);
      return true;
    } catch (failure) {
      setProblem(failure);
      return false;
    } finally {
      setSending(false);
    }
  };

  return {
    draft,
    change: (part: Partial<SummaryDraft>) => setTyped({ ...draft, ...part }),
    send,
    isSending,
    problem,
  };
}
