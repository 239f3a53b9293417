import { lazy, Suspense, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useCity } from '../incidents/useBoard';
import { nothing } from '../map/content';
import { useMapState } from '../map/control';
import { useNowSeconds } from '../shell/clock';
import { useDesk } from '../shell/desk';
import { formatDuration } from '../shell/formats';
import { Failure } from '../shell/Pane';
import { mapCoverOf, useCover } from './useCover';

const MapView = lazy(() => import('../map/MapView'));

/** Asked each ten seconds: three in vain, and it is old. */
const oldSeconds = 40;

/** Where am I thin: the gaps of the ambulances' cover on the map, how many addresses that is, and how old the picture is. */
export function CoverPane() {
  const { t } = useTranslation();
  const cover = useCover();
  const city = useCity();
  const theme = useDesk((state) => state.theme);
  useNowSeconds();
  const content = useMemo(
    () => ({
      ...nothing,
      theme,
      hidesFleet: true,
      cover: cover.data ? mapCoverOf(cover.data) : null,
    }),
    [theme, cover.data],
  );
  // The first gaps that come are shown in whole; then the view belongs to the hand.
  const control = useMapState((state) => state.control);
  const isShown = useRef(false);
  const { cover: gaps } = content;
  useEffect(() => {
    const corners = [...(gaps?.near ?? []), ...(gaps?.beyond ?? [])].flat();
    if (control && corners.length > 0 && !isShown.current) {
      isShown.current = true;
      control.fit(corners);
    }
  }, [control, gaps]);
  const ageSeconds = Math.max(0, Math.floor((Date.now() - cover.dataUpdatedAt) / 1000));
  const { data } = cover;
  return (
    <section
      className="pane wall-cover"
      data-testid="cover"
      data-beyond={data?.beyond}
      data-near={data?.near}
      aria-label={t('cover.title')}
    >
      <header className="pane-head">
        <h2>{t('cover.title')}</h2>
        {data && (
          <span className={`pane-aside number ${ageSeconds > oldSeconds ? 'mark mark-warn' : 'note-text'}`}>
            {t('cover.age', { age: formatDuration(ageSeconds) })}
          </span>
        )}
      </header>
      <p className="wall-cover-words" data-testid="cover-words">
        {data && t('cover.words', { ...data, late: data.near + data.beyond })}
        {cover.isPending && t('cover.loading')}
      </p>
      {cover.isError && !data && <Failure failure={cover.error} onRetry={() => void cover.refetch()} />}
      <div className="pane-body">
        {!city.isPending && (
          <Suspense fallback={<section className="map" />}>
            <MapView city={city.data ?? null} content={content} isPlacing={false} onPick={() => {}} onPlace={() => {}} />
          </Suspense>
        )}
      </div>
    </section>
  );
}
