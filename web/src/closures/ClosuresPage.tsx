import { Button } from 'antd';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LonLat, SessionView } from '../api/contract';
import { positions } from '../feed/positions';
import { useCity } from '../incidents/useBoard';
import { nothing } from '../map/content';
import { useMapState } from '../map/control';
import type { Picked } from '../map/scene';
import { hasDesk } from '../session/roles';
import { useAction } from '../shell/actions';
import { desk, focusPane, useDesk } from '../shell/desk';
import { keyLabel } from '../shell/keys';
import { Empty, Pane } from '../shell/Pane';
import { SeatPage } from '../shell/SeatPage';
import type { Closure } from './api';
import { ClosureForm } from './ClosureForm';
import { ClosureList } from './ClosureList';
import { ClosurePanel } from './ClosurePanel';
import { type ClosureDraft, draftOf, geometryOf, newDraft } from './draft';
import { useClosures, useEndedClosures, useMapClosures, usePreview } from './useClosures';
import '../fleet/fleet.css';
import './closures.css';

const MapView = lazy(() => import('../map/MapView'));
type Part = 'open' | 'endedOnes';

/** Closures and slow-downs: the list, the map, and the one that is chosen or drawn. None covers another. */
export function ClosuresPage({ who }: { who: SessionView }) {
  const { t } = useTranslation();
  const [part, setPart] = useState<Part>('open');
  const [draft, setDraft] = useState<ClosureDraft | null>(null);
  const { theme, closureId } = useDesk();
  const city = useCity();
  const open = useClosures(true);
  const ended = useEndedClosures(part === 'endedOnes');
  const shown = part === 'open' ? open : ended;
  const mayDraw = open.data?.mayDraw ?? false;
  useEffect(() => positions.connect(), []);
  useAction('paneMap', () => focusPane('map'));
  useAction('paneUnits', () => focusPane('units'));
  useAction('paneDetail', () => focusPane('detail'));
  const begin = () => {
    desk.selectClosure(null);
    setDraft(newDraft());
  };
  useAction('newIncident', mayDraw && draft === null ? begin : null);

  const preview = usePreview(draft === null ? null : geometryOf(draft), draft?.bothDirections ?? true);
  const closures = useMapClosures(shown.data?.closures);
  const content = useMemo(
    () => ({
      ...nothing,
      theme,
      hidesFleet: true,
      closures,
      closureId,
      drawing: draft && {
        points: draft.points,
        isArea: draft.isArea,
        lines: preview.data?.lines.coordinates ?? [],
      },
    }),
    [theme, closures, closureId, draft, preview.data],
  );
  const change = (change: Partial<ClosureDraft>) =>
    setDraft((current) => current && { ...current, ...change, commandId: newDraft().commandId });
  const onPick = (picked: Picked) => picked.kind === 'closure' && desk.selectClosure(picked.id);
  const choose = (closure: Closure) => {
    desk.selectClosure(closure.id);
    useMapState.getState().control?.fit(closure.lines.coordinates.flat());
  };

  return (
    <SeatPage<Part>
      who={who}
      title={t('closures.title')}
      links={
        <>
          {mayDraw && (
            <Button type="primary" disabled={draft !== null} onClick={begin} data-testid="draw-closure">
              {t('closures.draw')} <kbd>{keyLabel('newIncident')}</kbd>
            </Button>
          )}
          <Button href="/" data-testid="to-desk">
            {t(hasDesk(who) ? 'closures.toDesk' : 'closures.toMap')}
          </Button>
        </>
      }
      parts={(['open', 'endedOnes'] as const).map((key) => ({ key, label: t(`closures.${key}`) }))}
      part={part}
      onPart={(key) => {
        setPart(key);
        desk.selectClosure(null);
      }}
    >
      <div className="fleet-body fleet-vehicles" data-testid="closures">
        <ClosureList part={part} closures={shown} selectedId={closureId} mayDraw={mayDraw} onOpen={choose} />
        <Suspense fallback={<section className="map" />}>
          {!city.isPending && (
            <MapView
              city={city.data ?? null}
              content={content}
              isPlacing={draft?.way === 'map'}
              onPick={onPick}
              onPlace={(at: LonLat) => draft && change({ points: [...draft.points, at] })}
            />
          )}
        </Suspense>
        {draft ? (
          <ClosureForm
            draft={draft}
            preview={preview}
            onChange={change}
            onDone={(closure) => {
              setDraft(null);
              setPart('open');
              desk.selectClosure(closure?.id ?? draft.of?.id ?? null);
            }}
          />
        ) : closureId ? (
          <ClosurePanel key={closureId} closureId={closureId} onEdit={mayDraw ? (one) => setDraft(draftOf(one)) : undefined} />
        ) : (
          <Pane name="detail" title={t('closures.panel')} keyHint={keyLabel('paneDetail')}>
            <Empty>{t(mayDraw ? 'closures.noneChosen' : 'closures.noneChosenReadOnly')}</Empty>
          </Pane>
        )}
      </div>
    </SeatPage>
  );
}
