import { useTranslation } from 'react-i18next';
import { Diamond, StateChip } from '../shell/Signs';
import { stateOf } from '../units/states';
import type { Completion } from './complete';

/** What a word may become, with the sign that it has in the lists. */
export function CompletionChoice({ of: { word, about, unit, incident, verb } }: { of: Completion }) {
  const { t } = useTranslation();
  return (
    <span className="place-choice">
      {unit && <StateChip state={stateOf(unit)} />}
      {incident && <Diamond priority={incident.priority} isClosed={incident.status === 'closed'} />}
      <strong>{word}</strong>
      <span className="note-text">
        {verb ? `${verb.zh} ${verb.letter} ${verb.name} · ${t(`command.usage.${verb.name}`)}` : about === word ? '' : about}
      </span>
    </span>
  );
}
