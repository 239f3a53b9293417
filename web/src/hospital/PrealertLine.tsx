import { useTranslation } from 'react-i18next';
import { useHospitals } from '../incidents/useBoard';
import { formatTime } from '../shell/formats';
import { inLanguage } from '../shell/i18n';
import { Failure } from '../shell/Pane';
import { useSent } from './useChoice';

/** Which hospital was told of a run, and whether somebody there has read it. */
export function PrealertLine({ runId }: { runId: string }) {
  const { t } = useTranslation();
  const sent = useSent(runId);
  const hospitals = useHospitals(true).data?.hospitals;
  const last = sent.data?.at(-1);
  if (sent.isError && !sent.data) {
    return <Failure failure={sent.error} onRetry={() => void sent.refetch()} />;
  }
  if (!last) {
    return null;
  }
  const hospital = hospitals?.find(({ id }) => id === last.hospitalId);
  const name = hospital ? inLanguage({ zh: hospital.name, en: hospital.nameEn ?? hospital.name }) : '';
  return (
    <span className="prealert-line" data-testid="prealert-line" data-received={last.receipt !== null}>
      <span className={last.receipt ? 'mark mark-good' : 'mark'}>{t(last.receipt ? 'choice.received' : 'choice.announced')}</span>
      <span className="cut">{name}</span>
      <span className="note-text number">
        {last.receipt
          ? t('choice.receivedBy', { time: formatTime(last.receipt.at), by: last.receipt.by })
          : t('choice.announcedBy', { time: formatTime(last.at), by: last.by })}
      </span>
    </span>
  );
}
