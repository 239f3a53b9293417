import { useTranslation } from 'react-i18next';
import { losses, useHealth } from '../feed/health';
import { formatTime } from './formats';

/** Names what is lost and the manual way. Its space is always kept, so that nothing jumps when it speaks. */
export function Band() {
  const { t } = useTranslation();
  const health = useHealth();
  const lost = losses(health);
  const since = health.boardReadAt ? formatTime(health.boardReadAt) : '–';
  const isSevere = lost[0] === 'network' || lost[0] === 'board';
  return (
    <div className={`band ${lost.length === 0 ? '' : isSevere ? 'band-error' : 'band-warn'}`} data-testid="band" role="status">
      {lost.map((loss) => (
        <span key={loss} data-loss={loss}>
          {t(`band.${loss}`, { since })}
        </span>
      ))}
    </div>
  );
}
