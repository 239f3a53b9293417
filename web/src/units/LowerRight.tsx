import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { AlarmList } from '../alarms/AlarmList';
import { Handover } from '../handover/Handover';
import { HospitalPane } from '../hospital/HospitalPane';
import { useAction } from '../shell/actions';
import { type DeskState, focusPane, useDesk } from '../shell/desk';
import { type Action, keyLabel } from '../shell/keys';
import { Pane } from '../shell/Pane';
import { Suggestions } from './Suggestions';
import { UnitList } from './UnitList';

type Shown = DeskState['lowerRight'];

const panes: Record<Shown, { key: Action; Content: ComponentType }> = {
  suggestions: { key: 'paneSuggestions', Content: Suggestions },
  units: { key: 'paneUnits', Content: UnitList },
  hospitals: { key: 'paneHospitals', Content: HospitalPane },
  alarms: { key: 'paneAlarms', Content: AlarmList },
  handover: { key: 'paneHandover', Content: Handover },
};
/** The hand-over is opened at the seat's name. */
const names: readonly Shown[] = ['suggestions', 'units', 'hospitals', 'alarms'];

function turnTo(lowerRight: Shown) {
  useDesk.setState({ lowerRight });
  requestAnimationFrame(() => focusPane(lowerRight));
}

/** Whom to send, and where to? Suggestions for the case in hand, all units, hospitals for its patient; and what is abnormal. */
export function LowerRight() {
  const { t } = useTranslation();
  const shown = useDesk((state) => state.lowerRight);
  useAction('paneSuggestions', () => turnTo('suggestions'));
  useAction('paneUnits', () => turnTo('units'));
  useAction('paneHospitals', () => turnTo('hospitals'));
  useAction('paneAlarms', () => turnTo('alarms'));
  useAction('paneHandover', () => turnTo('handover'));
  const { key, Content } = panes[shown];
  return (
    <Pane
      name={shown}
      title={t(`pane.${shown}`)}
      keyHint={keyLabel(key)}
      testId={shown}
      aside={names
        // From the hand-over nobody chooses a patient's hospital, and four do not fit beside its title.
        .filter((name) => name !== shown && !(shown === 'handover' && name === 'hospitals'))
        .map((name) => (
          <button key={name} type="button" className="link" onClick={() => turnTo(name)} data-testid={`show-${name}`}>
            {t(`pane.${name}`)} <kbd>{keyLabel(panes[name].key)}</kbd>
          </button>
        ))}
    >
      <Content />
    </Pane>
  );
}
