import { useTranslation } from 'react-i18next';
import { useAction } from '../shell/actions';
import { focusPane, useDesk } from '../shell/desk';
import { keyLabel } from '../shell/keys';
import { Pane } from '../shell/Pane';
import { Suggestions } from './Suggestions';
import { UnitList } from './UnitList';

/** Whom to send? Suggestions for the case in hand, or all units. */
export function LowerRight() {
  const { t } = useTranslation();
  const shown = useDesk((state) => state.lowerRight);
  const turnTo = (lowerRight: 'suggestions' | 'units') => {
    useDesk.setState({ lowerRight });
    requestAnimationFrame(() => focusPane(lowerRight));
  };
  useAction('paneSuggestions', () => turnTo('suggestions'));
  useAction('paneUnits', () => turnTo('units'));
  const other = shown === 'suggestions' ? 'units' : 'suggestions';
  return (
    <Pane
      name={shown}
      title={t(`pane.${shown}`)}
      keyHint={keyLabel(shown === 'suggestions' ? 'paneSuggestions' : 'paneUnits')}
      testId={shown}
      aside={
        <button type="button" className="link" onClick={() => turnTo(other)} data-testid={`show-${other}`}>
          {t(`pane.${other}`)} <kbd>{keyLabel(other === 'suggestions' ? 'paneSuggestions' : 'paneUnits')}</kbd>
        </button>
      }
    >
      {shown === 'suggestions' ? <Suggestions /> : <UnitList />}
    </Pane>
  );
}
