import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AssignmentView, IncidentDetail } from '../api/contract';
import { useIncident } from '../incidents/useBoard';
import { focusPane, useDesk } from '../shell/desk';
import { formatDuration, formatTime } from '../shell/formats';
import { inLanguage } from '../shell/i18n';
import { nthOf } from '../shell/keys';
import { Empty, Failure, Skeleton } from '../shell/Pane';
import { RowList, useFirstRow } from '../shell/RowList';
import type { HospitalChoice, HospitalNow, SentPrealert } from './api';
import './choice.css';
import { LoadText } from './LoadText';
import { PrealertForm } from './PrealertForm';
import { inHand } from './summary';
import { useChoice, useHospitalsNow, useSent } from './useChoice';
import { usePrealert } from './usePrealert';
import { WishFields } from './WishFields';

/** Where to bring the patient of the unit in hand? Ranked by the server with reasons; who is left out stands last, with why. */
export function HospitalPane() {
  const { t } = useTranslation();
  const formOpen = useDesk((state) => state.formOpen);
  const incidentId = useDesk((state) => state.incidentId);
  const unitId = useDesk((state) => state.unitId);
  const incident = useIncident(formOpen ? null : incidentId).data;
  const run = incident && inHand(incident.assignments, unitId);
  return incident && run ? <Choosing key={run.id} incident={incident} run={run} /> : <Empty>{t('choice.noRun')}</Empty>;
}

function Choosing({ incident, run }: { incident: IncidentDetail; run: AssignmentView }) {
  const { t } = useTranslation();
  const { wish, triage, ranking } = useChoice({ id: run.id, incidentId: incident.id });
  const now = useHospitalsNow().data;
  const sent = useSent(run.id).data;
  const last = sent?.at(-1);
  const prealert = usePrealert(run.id, incident, triage, sent);
  const [chosenId, setChosenId] = useState<string | null>(null);
  const [isTold, setTold] = useState(false);
  const found = ranking.data;
  const rows = found ? rowsOf(found) : [];
  const refused = found?.leftOut.find(({ hospitalId }) => hospitalId === wish.wishHospitalId);
  const list = useRef<HTMLDivElement>(null);
  useFirstRow(list, rows.length);
  const chosen = rows.find(({ id }) => id === chosenId);

  const choose = (id: string) => {
    setChosenId(id);
    setTold(false);
  };
  // The form is gone: its row in the list has the focus again.
  const leave = () => {
    setChosenId(null);
    requestAnimationFrame(() => focusPane('hospitals'));
  };
  if (chosen) {
    return (
      <PrealertForm
        callSign={run.callSign}
        hospital={chosen}
        prealert={prealert}
        onSent={() => {
          setTold(true);
          leave();
        }}
        onBack={leave}
      />
    );
  }
  return (
    <>
      <div className="choice-head">
        <strong className="call-sign">{run.callSign}</strong>
        {found ? (
          <span className="note-text number">
            {t(`choice.from.${found.from}`)} {formatTime(found.computedAt)}
          </span>
        ) : null}
        <span className="note-text suggest-keys">{t('choice.keys')}</span>
        <span role="status" className="choice-told">
          {isTold && t('choice.sent')}
        </span>
      </div>
      <WishFields runId={run.id} wish={wish} level={found?.level ?? incident.priority} hospitals={now?.hospitals ?? []} />
      {ranking.isError && <Failure failure={ranking.error} onRetry={() => void ranking.refetch()} />}
      {ranking.isPending && <Skeleton rows={4} />}
      {found?.note && (
        <p className="choice-note mark-warn" role="status">
          {inLanguage(found.note)}
        </p>
      )}
      {refused && (
        <p className="choice-note mark-warn" role="status" data-testid="wish-refused">
          {inLanguage({ zh: refused.name, en: refused.nameEn })}: {inLanguage(refused.reason)}
        </p>
      )}
      {found && rows.length === 0 && <Empty>{t('choice.none')}</Empty>}
      <div ref={list}>
        <RowList
          label={t('pane.hospitals')}
          rows={rows}
          selectedId={last?.hospitalId ?? null}
          onOpen={({ id }) => choose(id)}
          onKey={(event) => {
            const row = found?.hospitals[nthOf(event) ?? -1];
            if (row) {
              choose(row.hospitalId);
            }
            return row !== undefined;
          }}
          attributes={(row) => ({
            'data-testid': row.rank === null ? 'left-out-hospital' : 'ranked-hospital',
            'data-hospital-id': row.id,
          })}
        >
          {(row) => (
            <HospitalRow
              row={row}
              state={now?.hospitals.find(({ id }) => id === row.id)}
              readAt={now?.readAt ?? 0}
              told={last?.hospitalId === row.id ? last : null}
            />
          )}
        </RowList>
      </div>
    </>
  );
}

/** A hospital in its place; without one where it is left out. */
export interface ChoiceRow extends Pick<HospitalChoice['leftOut'][number], 'name' | 'nameEn' | 'roadSeconds' | 'reason'> {
  id: string;
  rank: number | null;
}

const rowsOf = ({ hospitals, leftOut }: HospitalChoice): ChoiceRow[] => [
  ...hospitals.map((one) => ({ ...one, id: one.hospitalId })),
  ...leftOut.map((one) => ({ ...one, id: one.hospitalId, rank: null })),
];

function HospitalRow({
  row,
  state,
  readAt,
  told,
}: {
  row: ChoiceRow;
  state: HospitalNow | undefined;
  readAt: number;
  /** What it was told of this run, and whether somebody there has read it. */
  told: SentPrealert | null;
}) {
  const { t } = useTranslation();
  return (
    <div className={row.rank === null ? 'choice-row is-left-out' : 'choice-row'}>
      <span className="tick" aria-hidden="true">
        {row.rank ?? '—'}
      </span>
      <strong className="cut">{inLanguage({ zh: row.name, en: row.nameEn })}</strong>
      <span className="road-time">{row.roadSeconds === null ? '–' : formatDuration(row.roadSeconds)}</span>
      <span className="choice-why">
        {row.rank === null && <span className="mark mark-warn">{t('choice.leftOut')}</span>}{' '}
        {told && <span className="mark">{t(told.receipt ? 'choice.received' : 'choice.announced')}</span>}{' '}
        {inLanguage(row.reason)}
      </span>
      {state && <LoadText hospital={state} readAt={readAt} isReasoned />}
    </div>
  );
}
