import { Button, Checkbox, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { serverNow } from '../shell/clock';
import { formatTime } from '../shell/formats';
import { describe } from '../shell/Pane';
import { type HospitalNow, hospitalApi } from './api';
import { bodyOf, type DiversionDraft, draftOf, type ReportDraft } from './report';

const lengths = [30, 60, 120, 240, 480, 1440] as const;
const blank: DiversionDraft = { capability: '', reason: '', until: null, minutes: 60 };

type CapabilityName = 'chestPain' | 'stroke' | 'trauma' | 'obstetric' | 'pediatric' | 'poisoning';

/** Beds, what is open, what is diverted. It begins with what was said last; what is typed stays until it is reported. */
export function ReportForm({ hospital, onReported }: { hospital: HospitalNow; onReported(): void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<ReportDraft | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isSent, setSent] = useState(false);
  const draft = typed ?? draftOf(hospital);
  const { report } = hospital;
  const change = (part: Partial<ReportDraft>) => {
    setSent(false);
    setTyped({ ...draft, ...part });
  };
  const changeDiversion = (index: number, part: Partial<DiversionDraft>) =>
    change({ diversions: draft.diversions.map((one, at) => (at === index ? { ...one, ...part } : one)) });
  const nameOf = (code: string) =>
    code === '' ? t('hospital.report.all') : t(`hospital.capabilities.${code as CapabilityName}`);
  const send = async () => {
    setProblem(null);
    try {
      await hospitalApi.report(hospital.id, bodyOf(draft, serverNow()));
      setTyped(null);
      setSent(true);
      onReported();
    } catch (failure) {
      setProblem(describe(failure));
    }
  };
  return (
    <form
      className="report"
      data-testid="report"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <h2>{t('hospital.report.title')}</h2>
      <p className={report === null || report.isOld ? 'mark mark-warn' : 'note-text'} data-testid="report-age">
        {report === null ? t('hospital.report.never') : t('hospital.report.last', { time: formatTime(report.at), by: report.by })}
        {report?.isOld && ` · ${t('hospital.report.old')}`}
      </p>
      <div className="report-beds">
        <label htmlFor="beds">{t('hospital.report.beds')}</label>
        <Input
          id="beds"
          inputMode="numeric"
          value={draft.beds}
          onChange={(event) => change({ beds: event.target.value })}
          data-testid="beds"
        />
        <label htmlFor="free-beds">{t('hospital.report.free')}</label>
        <Input
          id="free-beds"
          inputMode="numeric"
          value={draft.freeBeds}
          onChange={(event) => change({ freeBeds: event.target.value })}
          data-testid="free-beds"
        />
      </div>
      <fieldset>
        <legend>{t('hospital.report.open')}</legend>
        {hospital.capabilities.map((code) => (
          <Checkbox
            key={code}
            checked={draft.open.includes(code)}
            onChange={({ target }) =>
              change({ open: hospital.capabilities.filter((one) => (one === code ? target.checked : draft.open.includes(one))) })
            }
          >
            {nameOf(code)}
          </Checkbox>
        ))}
      </fieldset>
      <fieldset>
        <legend>{t('hospital.report.diversions')}</legend>
        {draft.diversions.length === 0 && <p className="note-text">{t('hospital.report.noDiversion')}</p>}
        {draft.diversions.map((diversion, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows are entered and ended, never moved
          <div key={index} className="report-diversion" data-testid="diversion">
            {diversion.until === null ? (
              <>
                <select
                  className="native"
                  aria-label={t('hospital.report.of')}
                  value={diversion.capability}
                  onChange={(event) => changeDiversion(index, { capability: event.target.value })}
                >
                  {['', ...hospital.capabilities].map((code) => (
                    <option key={code} value={code}>
                      {nameOf(code)}
                    </option>
                  ))}
                </select>
                <select
                  className="native"
                  aria-label={t('hospital.report.minutes')}
                  value={diversion.minutes}
                  onChange={(event) => changeDiversion(index, { minutes: Number(event.target.value) })}
                >
                  {lengths.map((minutes) => (
                    <option key={minutes} value={minutes}>
                      {t(`hospital.report.length.${minutes}`)}
                    </option>
                  ))}
                </select>
                <Input
                  aria-label={t('hospital.report.reason')}
                  placeholder={t('hospital.report.reason')}
                  value={diversion.reason}
                  maxLength={200}
                  onChange={(event) => changeDiversion(index, { reason: event.target.value })}
                  data-testid="diversion-reason"
                />
              </>
            ) : (
              <span className="report-said">
                {nameOf(diversion.capability)} {t('hospital.report.until', { time: formatTime(diversion.until).slice(0, 5) })}{' '}
                {diversion.reason}
              </span>
            )}
            <Button
              onClick={() => change({ diversions: draft.diversions.filter((_, at) => at !== index) })}
              aria-label={t('hospital.report.remove', { what: nameOf(diversion.capability) })}
            >
              {t('hospital.report.removeShort')}
            </Button>
          </div>
        ))}
        <Button onClick={() => change({ diversions: [...draft.diversions, blank] })} data-testid="add-diversion">
          {t('hospital.report.add')}
        </Button>
      </fieldset>
      <Button type="primary" htmlType="submit" className="report-send" data-testid="send-report">
        {t('hospital.report.send')}
      </Button>
      <p role="status" className="note-text" data-testid="report-state">
        {typed ? t('hospital.report.changed') : isSent ? t('hospital.report.sent') : ''}
      </p>
      {problem && (
        <p className="fault" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
