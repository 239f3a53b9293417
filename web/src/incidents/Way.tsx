import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction, useBack } from '../shell/actions';
import { formatDuration, formatMeters } from '../shell/formats';
import { inLanguage } from '../shell/i18n';
import { keyLabel } from '../shell/keys';
import { Empty, Failure, Skeleton } from '../shell/Pane';
import { useWay } from './useWay';

/** The way of the unit that is looked at, turn by turn: to be read to its crew by radio. */
export function Way() {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const section = useRef<HTMLDetailsElement>(null);
  const { unit, way } = useWay();
  useAction('way', () => {
    setOpen(!isOpen);
    section.current?.querySelector('summary')?.focus();
  });
  useBack(isOpen ? () => setOpen(false) : null);
  // Opened, the whole of it is in view as far as the pane reaches.
  useEffect(() => {
    if (isOpen) {
      section.current?.scrollIntoView({ block: 'start' });
    }
  }, [isOpen]);
  return (
    <details ref={section} className="way" open={isOpen} data-testid="way">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a summary is worked by Enter and Space as by a click */}
      <summary
        onClick={(event) => {
          event.preventDefault();
          setOpen(!isOpen);
        }}
      >
        <span>
          {t('way.title')} <kbd>{keyLabel('way')}</kbd>
        </span>
        {unit && <strong className="call-sign">{unit.callSign}</strong>}
        {unit && way.data && (
          <span className="number">
            {formatDuration(way.data.seconds)} · {formatMeters(way.data.meters)}
          </span>
        )}
      </summary>
      {!unit && <Empty>{t('way.none')}</Empty>}
      {unit && way.isError && <Failure failure={way.error} onRetry={() => void way.refetch()} />}
      {unit && way.isPending && <Skeleton rows={3} />}
      {unit && way.data && (
        <ol aria-label={t('way.of', { unit: unit.callSign })}>
          {way.data.steps.map((step, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same street may be driven twice
            <li key={index} data-testid="way-step">
              <span className="number">{index + 1}</span>
              <span>{inLanguage(step)}</span>
              <span className="note-text number">{step.seconds > 0 && formatDuration(step.seconds)}</span>
            </li>
          ))}
        </ol>
      )}
    </details>
  );
}
