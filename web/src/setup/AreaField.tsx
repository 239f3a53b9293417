import { Button } from 'antd';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Choice } from '../admin/parts';
import type { LonLat } from '../api/contract';
import { useCity } from '../incidents/useBoard';
import { nothing } from '../map/content';
import { useAction } from '../shell/actions';
import { focusPane, useDesk } from '../shell/desk';
import { Field } from '../shell/Field';
import type { Area } from './api';
import { areaOf, cornersOf } from './draft';

const MapView = lazy(() => import('../map/MapView'));

/** Where a card counts: everywhere, or within corners that are set on the map by clicks, or by Enter at the cross. */
export function AreaField({ area, fault, onArea }: { area: Area | null; fault: string | null; onArea(area: Area | null): void }) {
  const { t } = useTranslation();
  const city = useCity();
  const theme = useDesk((state) => state.theme);
  const corners = cornersOf(area);
  const set = (next: readonly LonLat[]) => onArea(areaOf(next));
  useAction('paneMap', area ? () => focusPane('map') : null);
  const content = useMemo(
    () => ({ ...nothing, theme, hidesFleet: true, drawing: { points: cornersOf(area), isArea: true, lines: [] } }),
    [theme, area],
  );
  return (
    <>
      <Field name="card-area" label={t('setup.area')} fault={fault}>
        <div className="setup-pair">
          <Choice
            id="card-area"
            value={area ? 'drawn' : 'everywhere'}
            options={(['everywhere', 'drawn'] as const).map((value) => ({ value, label: t(`setup.${value}`) }))}
            isFaulty={fault !== null}
            onPick={(where) => onArea(where === 'drawn' ? areaOf([]) : null)}
          />
          {area && (
            <>
              <span className="number" data-testid="corners">
                {t('closures.points', { count: corners.length })}
              </span>
              <Button disabled={corners.length === 0} onClick={() => set(corners.slice(0, -1))} data-testid="undo-corner">
                {t('closures.undoPoint')}
              </Button>
            </>
          )}
        </div>
      </Field>
      {area && (
        <div className="setup-map">
          <Suspense fallback={<section className="map" />}>
            {!city.isPending && (
              <MapView
                city={city.data ?? null}
                content={content}
                isPlacing
                onPick={() => undefined}
                onPlace={(at) => set([...corners, at])}
              />
            )}
          </Suspense>
        </div>
      )}
    </>
  );
}
