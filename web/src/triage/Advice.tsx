import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { inLanguage } from '../shell/i18n';
import { startBeat } from './metronome';
import type { Instructions } from './triage';

/** What to read to the caller, in order; with compressions a metronome. */
export function Advice({ read }: { read: Instructions }) {
  const { t } = useTranslation();
  return (
    <div className="triage-advice">
      <strong>{t('triage.read')}</strong> <span className="note-text">{t('triage.source', { source: read.source })}</span>
      <ol>
        {read.steps.map((step) => (
          <li key={step.zh}>{inLanguage(step)}</li>
        ))}
      </ol>
      {read.cpr && <Metronome perMinute={read.cpr.perMinute} />}
    </div>
  );
}

/** Thirty beats are counted and begin anew, as compressions are. Heard and seen; with reduced motion the count alone changes. */
function Metronome({ perMinute }: { perMinute: number }) {
  const { t } = useTranslation();
  const [isOn, setOn] = useState(false);
  const [beat, setBeat] = useState(0);
  useEffect(() => (isOn ? startBeat(perMinute, setBeat) : undefined), [isOn, perMinute]);
  return (
    <div className="metronome">
      <Button type={isOn ? 'default' : 'primary'} onClick={() => setOn(!isOn)} data-testid="metronome">
        {t(isOn ? 'triage.beatStop' : 'triage.beat')}
      </Button>
      <span className="number">{t('triage.perMinute', { count: perMinute })}</span>
      {isOn && (
        <span key={beat} className="metronome-beat number" data-testid="metronome-beat" aria-hidden="true">
          {(beat % 30) + 1}
        </span>
      )}
    </div>
  );
}
