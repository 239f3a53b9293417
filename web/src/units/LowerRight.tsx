import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { AlarmList } from '../alarms/AlarmList';
import { Handover } from '../handover/Handover';
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
  alarms: { key: 'paneAlarms', Content: AlarmList },
  handover: { key: 'paneHandover', Content: Handover },
};
/** The hand-over is opened at the seat's name. */
const names: readonly Shown[] = ['suggestions', 'units', 'alarms'];

function turnTo(lowerRight: Shown) {
  useDesk.setState({ lowerRight });
  requestAnimationFrame(() => focusPane(lowerRight));
}

/** Whom to send? Suggestions for the case in hand, or all units; and what is abnormal. */
export function LowerRight() {
  const { t } = useTranslation();
  const shown = useDesk((state) => state.lowerRight);
  useAction('paneSuggestions', () => turnTo('suggestions'));
  useAction('paneUnits', () => turnTo('units'));
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
        .filter((name) => name !== shown)
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
