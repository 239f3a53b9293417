import { Button } from 'antd';
import type { TFunction } from 'i18next';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IncidentDetail } from '../api/contract';
import { server } from '../api/server';
import { offerUndoOfDispatch } from '../command/undo';
import { NeedsLine } from '../incidents/Needs';
import { useBoard, useCommand, useIncident, useRecommendations } from '../incidents/useBoard';
import { useAction } from '../shell/actions';
import { desk, focusPane, useDesk } from '../shell/desk';
import { formatDuration, formatMeters, formatTime } from '../shell/formats';
import { inLanguage } from '../shell/i18n';
import { keyLabel, nthOf } from '../shell/keys';
import { describe, Empty, Failure, Skeleton } from '../shell/Pane';
import { RowList, useFirstRow } from '../shell/RowList';
import { StateChip } from '../shell/Signs';
import type { Recommendations, Suggestion, UnitView, Wish } from './api';
import { stateOf } from './states';

/** A second press sooner than this is a slip of the hand. */
const confirmMs = 300;

/** What suggestions are wanted for: the open form, else the selected incident. */
export function useWish(): Omit<Wish, 'limit'> | null {
  const formOpen = useDesk((state) => state.formOpen);
  const draftPlace = useDesk((state) => state.draftPlace);
  const priority = useDesk((state) => state.draftPriority);
  const type = useDesk((state) => state.draftType);
  const incidentId = useDesk((state) => state.incidentId);
  const incident = useIncident(formOpen ? null : incidentId).data;
  if (formOpen) {
    return draftPlace && { lon: draftPlace[0], lat: draftPlace[1], type, priority, incidentId: null };
  }
  return incident && incident.status !== 'closed'
    ? {
        lon: incident.place.lon,
        lat: incident.place.lat,
        type: incident.type,
        priority: incident.priority,
        incidentId: incident.id,
      }
    : null;
}

/** Ranked by the road, each with its reason. The dispatcher decides. */
export function Suggestions() {
  const { t } = useTranslation();
  const formOpen = useDesk((state) => state.formOpen);
  const incidentId = useDesk((state) => state.incidentId);
  const wish = useWish();
  const incident = useIncident(formOpen ? null : incidentId).data;
  const found = useRecommendations(wish, incident?.required?.source);
  if (!wish) {
    const why = formOpen ? 'suggestions.needPlace' : incident?.status === 'closed' ? 'suggestions.closed' : 'suggestions.none';
    return <Empty>{t(why)}</Empty>;
  }
  return (
    <>
      {incident && <NeedsLine incidentId={incident.id} testId="suggestion-needs" />}
      {found.isError && <Failure failure={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Skeleton rows={4} />}
      {found.data && (
        <Ranked key={formOpen ? 'form' : incidentId} found={found.data} incident={formOpen ? undefined : incident} />
      )}
    </>
  );
}

function Ranked({ found, incident }: { found: Recommendations; incident: IncidentDetail | undefined }) {
  const { t } = useTranslation();
  const board = useBoard().data;
  const ticked = useDesk((state) => state.ticked);
  const previewUnitId = useDesk((state) => state.previewUnitId);
  const { send, isSending } = useCommand();
  const [outcome, setOutcome] = useState<{ sent: string[]; failed: [string, unknown][] } | null>(null);
  const [asked, setAsked] = useState<{ question: string; at: number; taken: readonly Suggestion[] } | null>(null);
  const list = useRef<HTMLDivElement>(null);
  // After an order the next row has the focus by itself: a second press of the same keys must not send it, too.
  const isChosenByHand = useRef(true);
  const units = new Map((board?.units ?? []).map((unit) => [unit.id, unit]));
  // Whoever was sent a moment ago is not offered again until the next answer leaves him out.
  const sent = new Set(incident?.assignments.filter(({ active }) => active).map(({ unitId }) => unitId));
  const rows = found.units
    .filter(({ unitId }) => !sent.has(unitId))
    .map((suggestion, index) => ({ ...suggestion, id: suggestion.unitId, nth: index + 1 }));
  const leftOut = found.leftOut.filter(({ why }) => why !== 'otherAgency');
  const isMixed = new Set(rows.map(({ agency }) => agency)).size > 1;
  const chosen = rows.filter(({ unitId }) => ticked.includes(unitId));

  // Created with a key, the incident brings the focus here.
  useFirstRow(list, rows.length);

  const order = (row: (typeof rows)[number]) =>
    row.way === 'divert'
      ? server
          .divert(
            units.get(row.unitId)?.assignmentId ?? '',
            incident?.id ?? '',
            t('suggestions.divertReason', { incident: incident?.number }),
          )
          .then(({ to }) => to)
      : server.assign(incident?.id ?? '', [row.unitId], found.id);

  const assign = async () => {
    if (!incident || isSending) {
      return;
    }
    // Nothing ticked: the row with the focus, else the one whose route is shown.
    const focused = isChosenByHand.current
      ? (list.current?.querySelector<HTMLElement>('[role=option]:focus')?.dataset.unitId ?? previewUnitId)
      : null;
    const wanted = chosen.length > 0 ? chosen : rows.filter(({ unitId }) => unitId === focused);
    // Whoever is taken from another incident is named before: the second press means it.
    const taken = wanted.filter(({ way }) => way === 'divert');
    const question = taken.map(({ unitId }) => unitId).join();
    if (question && !(asked?.question === question && performance.now() - asked.at >= confirmMs)) {
      setAsked((before) => (before?.question === question ? before : { question, at: performance.now(), taken }));
      return;
    }
    setAsked(null);
    const result: NonNullable<typeof outcome> = { sent: [], failed: [] };
    const sentIds: string[] = [];
    let answer: IncidentDetail | null = null;
    // One by one: a unit that another desk took in this second holds up none of the others.
    for (const row of wanted) {
      let failure: unknown = null;
      const sent = await send(() =>
        order(row).catch((thrown: unknown) => {
          failure = thrown;
          throw thrown;
        }),
      );
      if (sent) {
        result.sent.push(row.callSign);
        if (row.way !== 'divert') {
          sentIds.push(row.unitId);
          answer = sent;
        }
        useDesk.setState((state) => ({
          ticked: state.ticked.filter((other) => other !== row.unitId),
          unitId: row.unitId,
          previewUnitId: null,
        }));
      } else {
        result.failed.push([row.callSign, failure]);
      }
    }
    if (answer) {
      offerUndoOfDispatch(answer, sentIds, t('command.undoReason'));
    }
    if (wanted.length > 0) {
      isChosenByHand.current = result.sent.length === 0;
      setOutcome(result);
    }
  };
  useAction('assign', incident ? () => void assign() : null);

  return (
    <>
      <div className="suggest-head">
        <span className={found.basis === 'airline' ? 'mark mark-warn' : 'note-text'}>
          {t(found.basis === 'road' ? 'suggestions.basisRoad' : 'suggestions.basisAirline')}
        </span>
        <span className="note-text number">{t('suggestions.computed', { time: formatTime(found.computedAt) })}</span>
        <span className="note-text number suggest-keys">{t('suggestions.keys')}</span>
        <Button type="primary" loading={isSending} disabled={!incident} onClick={() => void assign()} data-testid="assign">
          {!incident
            ? t('suggestions.afterCreate')
            : chosen.length > 1
              ? t('suggestions.dispatchTicked', { count: chosen.length })
              : t('suggestions.dispatch')}{' '}
          {incident && <kbd>{keyLabel('assign')}</kbd>}
        </Button>
      </div>
      {asked && (
        <div className="failure" role="alert" data-testid="divert-question">
          {asked.taken.map(({ unitId, callSign, incidentNumber }) => (
            <span key={unitId}>{t('suggestions.divertQuestion', { unit: callSign, incident: incidentNumber })}</span>
          ))}
        </div>
      )}
      {outcome && !asked && (
        <div className={outcome.failed.length > 0 ? 'failure' : 'success'} role="status">
          {outcome.sent.length > 0 && <span>{t('suggestions.sent', { units: outcome.sent.join(', ') })} </span>}
          {outcome.failed.map(([unit, failure]) => (
            <span key={unit}>{t('suggestions.notSent', { unit, problem: describe(failure) })}</span>
          ))}
        </div>
      )}
      {found.remarks.map((remark) => (
        <p key={remark.en} className="needs is-missing" role="status" data-testid="suggestion-remark">
          <strong>{inLanguage(remark)}</strong>
        </p>
      ))}
      {rows.length === 0 && <Empty>{t('suggestions.empty')}</Empty>}
      <div
        ref={list}
        onKeyDownCapture={({ altKey }) => {
          isChosenByHand.current ||= !altKey;
        }}
        onPointerDown={() => {
          isChosenByHand.current = true;
        }}
      >
        <RowList
          label={t('pane.suggestions')}
          rows={rows}
          selectedId={previewUnitId}
          isMultiple
          isTicked={(row) => ticked.includes(row.unitId)}
          onOpen={(row) => useDesk.setState({ previewUnitId: row.unitId })}
          onTick={(row) => desk.tick(row.unitId)}
          onKey={(event) => {
            const row = rows[nthOf(event) ?? -1];
            if (row) {
              desk.tick(row.unitId);
            }
            return row !== undefined;
          }}
          // The only unit was sent: what comes next is with the incident.
          onEmptied={() => focusPane('detail')}
          attributes={(row) => ({ 'data-testid': 'suggestion-row', 'data-unit-id': row.unitId, 'data-rank': String(row.rank) })}
        >
          {(row) => (
            <SuggestionRow
              suggestion={row}
              nth={row.nth}
              isMixed={isMixed}
              unit={units.get(row.unitId)}
              isTicked={ticked.includes(row.unitId)}
            />
          )}
        </RowList>
      </div>
      {leftOut.length > 0 && (
        <details className="left-out">
          <summary>{t('suggestions.leftOut', { count: leftOut.length })}</summary>
          <ul>
            {leftOut.map((unit) => (
              <li key={unit.unitId}>
                <span className="number">{unit.callSign}</span>
                <span className="number">{unit.incidentNumber}</span>
                <span>{inLanguage(unit.reason)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function SuggestionRow({
  suggestion,
  nth,
  isMixed,
  unit,
  isTicked,
}: {
  suggestion: Suggestion;
  /** Its place in the whole list: the digit that ticks it. */
  nth: number;
  /** Units of several agencies stand in the list. */
  isMixed: boolean;
  unit: UnitView | undefined;
  isTicked: boolean;
}) {
  const { t } = useTranslation();
  const { callSign, agency, seconds, meters, stationName, reason, cover, fills } = suggestion;
  return (
    <div className="suggestion">
      <span className="tick" data-tick aria-hidden="true">
        {isTicked ? '✓' : nth}
      </span>
      <strong className="call-sign">{callSign}</strong>
      <span className="road-time">{seconds === null ? formatMeters(meters) : formatDuration(seconds)}</span>
      {unit ? <StateChip state={stateOf(unit)} /> : <span />}
      <span className="suggestion-why">
        <span title={inLanguage(reason)}>
          {isMixed && <span className="mark">{t(`agencies.${agency}`)}</span>}{' '}
          {fills && (
            <span className="mark">
              {t('suggestions.fills')} {inLanguage(fills)}
            </span>
          )}{' '}
          {inLanguage(reason)}
        </span>
        {/* The reason says the time and how it is known: here stands what it leaves out. */}
        <span className="note-text number" data-testid="suggestion-note">
          {cover && `${coverText(t, cover)} · `}
          {stationName}
          {seconds !== null && ` · ${formatMeters(meters)}`}
        </span>
      </span>
    </div>
  );
}

/** What the city lacks while the unit is away. */
const coverText = (t: TFunction, { lostAddresses: count, targetMinutes: minutes }: NonNullable<Suggestion['cover']>): string =>
  count === 0 ? t('suggestions.coverKept') : t('suggestions.coverLost', { count, minutes });
