import { useTranslation } from 'react-i18next';
import type { Milestone } from '../api/contract';
import { session } from '../session/session';
import { desk, useDesk } from '../shell/desk';
import { switchLanguage } from '../shell/i18n';
import type { UnitView } from '../units/api';
import { forgetDevice, takeOver, useGps } from './gps';
import { HoldButton } from './HoldButton';
import { outbox } from './outbox';
import { Sheet } from './Sheet';

interface MoreSheetProps {
  unit: UnitView;
  unitId: string;
  /** What may be recorded besides the usual next milestone. */
  others: readonly Milestone[];
  onMilestone(milestone: Milestone): void;
  onBack(): void;
}

/** What is seldom needed: another milestone than the usual, and this screen's own settings. */
export function MoreSheet({ unit, unitId, others, onMilestone, onBack }: MoreSheetProps) {
  const { t } = useTranslation();
  const theme = useDesk((state) => state.theme);
  const isTaken = useGps((gps) => gps.sending === 'taken');
  const signOut = async () => {
    await outbox.sendAll();
    forgetDevice(unitId);
    await session.signOut();
  };
  return (
    <Sheet title={t('crew.more')} testId="more-sheet" onBack={onBack}>
      {others.length > 0 && <p className="note-text">{t('crew.skip')}</p>}
      {others.map((milestone) => (
        <HoldButton key={milestone} milestone={milestone} className="crew-button" onHeld={() => onMilestone(milestone)}>
          <span className="hold-name">{t(milestone === 'available' ? 'crew.noTransport' : `milestones.${milestone}`)}</span>
          <span className="hold-hint">{t(milestone === 'leftScene' ? 'crew.holdThenHospital' : 'crew.hold')}</span>
        </HoldButton>
      ))}
      <p className="note-text">{t('crew.screen')}</p>
      {isTaken && (
        <button type="button" className="crew-button" onClick={takeOver} data-testid="gps-take-over">
          {t('crew.gps.takeOver')}
        </button>
      )}
      <button type="button" className="crew-button" onClick={desk.switchTheme} data-testid="switch-theme">
        {t(theme === 'day' ? 'bar.theme' : 'bar.themeDay')}
      </button>
      <button type="button" className="crew-button" onClick={() => void switchLanguage()} data-testid="switch-language">
        {t('bar.language')}
      </button>
      <button type="button" className="crew-button" onClick={() => void signOut()} data-testid="sign-out">
        {t('session.signOut')} <span className="number">{unit.callSign}</span>
      </button>
    </Sheet>
  );
}
