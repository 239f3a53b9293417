import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IncidentDetail, LonLat, Recommendations, Suggestion, UnitView } from '../api/contract';
import { server } from '../api/server';
import { offerUndoOfDispatch } from '../command/undo';
import { useBoard, useCommand, useIncident, useRecommendations } from '../incidents/useBoard';
import { useAction } from '../shell/actions';
import { desk, focusPane, useDesk } from '../shell/desk';
import { formatDuration, formatMeters, formatTime } from '../shell/formats';
import { inLanguage } from '../shell/i18n';
import { keyLabel, nthOf } from '../shell/keys';
import { describe, Empty, Failure, Skeleton } from '../shell/Pane';
import { RowList } from '../shell/RowList';
import { StateChip } from '../shell/Signs';
import { stateOf } from './states';

/** Where suggestions are wanted for: the open form's place, else the selected incident. */
export function useWantedPoint(): LonLat | null {
  const formOpen = useDesk((state) => state.formOpen);
  const draftPlace = useDesk((state) => state.draftPlace);
  const incidentId = useDesk((state) => state.incidentId);
  const incident = useIncident(formOpen ? null : incidentId).data;
  if (formOpen) {
    return draftPlace;
  }
  return incident && incident.status !== 'closed' ? [incident.place.lon, incident.place.lat] : null;
}

/** Ranked by the road, each with its reason. The dispatcher decides. */
export function Suggestions() {
  const { t } = useTranslation();
  const formOpen = useDesk((state) => state.formOpen);
  const incidentId = useDesk((state) => state.incidentId);
  const point = useWantedPoint();
  const found = useRecommendations(point);
  const incident = useIncident(formOpen ? null : incidentId).data;
  if (!point) {
    const why = formOpen ? 'suggestions.needPlace' : incident?.status === 'closed' ? 'suggestions.closed' : 'suggestions.none';
    return <Empty>{t(why)}</Empty>;
  }
  return (
    <>
      {found.isError && <Failure failure={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Skeleton rows={4} />}
      {found.data && <Ranked key={formOpen ? 'form' : incidentId} found={found.data} incidentId={formOpen ? null : incidentId} />}
    </>
  );
}

function Ranked({ found, incidentId }: { found: Recommendations; incidentId: string | null }) {
  const { t } = useTranslation();
  const board = useBoard().data;
  const ticked = useDesk((state) => state.ticked);
  const previewUnitId = useDesk((state) => state.previewUnitId);
  const { send, isSending } = useCommand();
  const [outcome, setOutcome] = useState<{ sent: string[]; failed: [string, unknown][] } | null>(null);
  const list = useRef<HTMLDivElement>(null);
  // After an order the next row has the focus by itself: a second press of the same keys must not send it, too.
  const isChosenByHand = useRef(true);
  const units = new Map((board?.units ?? []).map((unit) => [unit.id, unit]));
  const rows = found.units.map((suggestion) => ({ ...suggestion, id: suggestion.unitId }));
  const chosen = rows.filter(({ unitId }) => ticked.includes(unitId));

  // Created with a key, the incident brings the focus here: to the first row, once there is one.
  useEffect(() => {
    const pane = list.current?.closest('[data-pane]');
    if (rows.length > 0 && document.activeElement === pane) {
      list.current?.querySelector<HTMLElement>('[role=option]')?.focus();
    }
  }, [rows.length]);

  const assign = async () => {
    if (!incidentId || isSending) {
      return;
    }
    // Nothing ticked: the row with the focus, else the one whose route is shown.
    const focused = isChosenByHand.current
      ? (list.current?.querySelector<HTMLElement>('[role=option]:focus')?.dataset.unitId ?? previewUnitId)
      : null;
    const wanted = chosen.length > 0 ? chosen : rows.filter(({ unitId }) => unitId === focused);
    const result: NonNullable<typeof outcome> = { sent: [], failed: [] };
    const sentIds: string[] = [];
    let answer: IncidentDetail | null = null;
    for (const { unitId, callSign } of wanted) {
      let failure: unknown = null;
      const incident = await send(() =>
        server.assign(incidentId, [unitId]).catch((thrown: unknown) => {
          failure = thrown;
          throw thrown;
        }),
      );
      if (incident) {
        result.sent.push(callSign);
        sentIds.push(unitId);
        answer = incident;
        useDesk.setState((state) => ({ ticked: state.ticked.filter((other) => other !== unitId), unitId, previewUnitId: null }));
      } else {
        result.failed.push([callSign, failure]);
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
  useAction('assign', incidentId ? () => void assign() : null);

  return (
    <>
      <div className="suggest-head">
        <span className={found.basis === 'airline' ? 'mark mark-warn' : 'note-text'}>
          {t(found.basis === 'road' ? 'suggestions.basisRoad' : 'suggestions.basisAirline')}
        </span>
        <span className="note-text number">{t('suggestions.computed', { time: formatTime(found.computedAt) })}</span>
        <span className="note-text number suggest-keys">{t('suggestions.keys')}</span>
        <Button type="primary" loading={isSending} disabled={!incidentId} onClick={() => void assign()} data-testid="assign">
          {incidentId === null
            ? t('suggestions.afterCreate')
            : chosen.length > 1
              ? t('suggestions.dispatchTicked', { count: chosen.length })
              : t('suggestions.dispatch')}{' '}
          {incidentId !== null && <kbd>{keyLabel('assign')}</kbd>}
        </Button>
      </div>
      {outcome && (
        <div className={outcome.failed.length > 0 ? 'failure' : 'success'} role="status">
          {outcome.sent.length > 0 && <span>{t('suggestions.sent', { units: outcome.sent.join(', ') })} </span>}
          {outcome.failed.map(([unit, failure]) => (
            <span key={unit}>{t('suggestions.notSent', { unit, problem: describe(failure) })}</span>
          ))}
        </div>
      )}
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
          {(row) => <SuggestionRow suggestion={row} unit={units.get(row.unitId)} isTicked={ticked.includes(row.unitId)} />}
        </RowList>
      </div>
      {found.leftOut.length > 0 && (
        <details className="left-out">
          <summary>{t('suggestions.leftOut', { count: found.leftOut.length })}</summary>
          <ul>
            {found.leftOut.map((unit) => (
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
  unit,
  isTicked,
}: {
  suggestion: Suggestion;
  unit: UnitView | undefined;
  isTicked: boolean;
}) {
  const { rank, callSign, seconds, meters, stationName, reason } = suggestion;
  return (
    <div className="suggestion">
      <span className="tick" data-tick aria-hidden="true">
        {isTicked ? '✓' : rank}
      </span>
      <strong className="call-sign">{callSign}</strong>
      <span className="road-time">{seconds === null ? formatMeters(meters) : formatDuration(seconds)}</span>
      {unit ? <StateChip state={stateOf(unit)} /> : <span />}
      <span className="suggestion-why">
        <span title={inLanguage(reason)}>{inLanguage(reason)}</span>
        {/* The reason says the time and how it is known: here stands what it leaves out. */}
        <span className="note-text number">
          {stationName}
          {seconds !== null && ` · ${formatMeters(meters)}`}
        </span>
      </span>
    </div>
  );
}
