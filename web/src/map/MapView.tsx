import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CityView, LonLat } from '../api/contract';
import { fixAgeSeconds, positions } from '../feed/positions';
import { formatAge } from '../shell/formats';
import { formatPoint } from '../shell/geo';
import { isInputMethod } from '../shell/ime';
import type { MapContent } from './content';
import { useMapState } from './control';
import { LiveMap } from './LiveMap';
import 'maplibre-gl/dist/maplibre-gl.css';
import type { Picked } from './scene';

interface MapViewProps {
  city: CityView | null;
  content: MapContent;
  /** The open form waits for a place: clicks and Enter give one. */
  isPlacing: boolean;
  onPick(picked: Picked): void;
  onPlace(at: LonLat): void;
}

const pan: Record<string, [number, number]> = {
  ArrowLeft: [-120, 0],
  ArrowRight: [120, 0],
  ArrowUp: [0, -120],
  ArrowDown: [0, 120],
};

export default function MapView({ city, content, isPlacing, onPick, onPlace }: MapViewProps) {
  const { t } = useTranslation();
  const container = useRef<HTMLDivElement>(null);
  const live = useRef<LiveMap | null>(null);
  const trouble = useMapState((state) => state.trouble);
  const [spoken, setSpoken] = useState('');
  const latest = useRef({ content, isPlacing, onPick, onPlace });
  latest.current = { content, isPlacing, onPick, onPlace };

  useEffect(() => {
    if (!container.current) {
      return;
    }
    let map: LiveMap;
    try {
      map = new LiveMap(container.current, city, latest.current.content.theme, {
        picked: (picked) => {
          if (!latest.current.isPlacing) {
            setSpoken(nameOf(picked, latest.current.content));
            latest.current.onPick(picked);
          }
        },
        clicked: (at) => {
          if (latest.current.isPlacing) {
            latest.current.onPlace(at);
          }
        },
      });
    } catch {
      useMapState.setState({ trouble: 'webgl', styleLoaded: true });
      return;
    }
    live.current = map;
    map.show(latest.current.content);
    useMapState.setState({ control: map });
    return () => {
      live.current = null;
      useMapState.setState({ control: null, styleLoaded: false });
      map.remove();
    };
  }, [city]);

  useEffect(() => live.current?.show(content), [content]);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const map = live.current;
    if (!map || isInputMethod(event) || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const move = pan[event.code];
    if (move) {
      map.base.panBy(move, { duration: 120 });
    } else if (event.code === 'Equal' || event.code === 'NumpadAdd') {
      map.base.zoomIn({ duration: 120 });
    } else if (event.code === 'Minus' || event.code === 'NumpadSubtract') {
      map.base.zoomOut({ duration: 120 });
    } else if (event.code === 'Digit0' || event.code === 'Numpad0') {
      map.home();
    } else if (event.code === 'Enter' || event.code === 'NumpadEnter') {
      if (isPlacing) {
        onPlace(map.center());
      } else if (map.focused) {
        onPick(map.focused);
      }
    } else if (event.code === 'Tab') {
      const next = map.focusNext(event.shiftKey ? -1 : 1);
      setSpoken(next ? nameOf(next, content) : '');
      if (!next) {
        // Past the last object Tab leaves the map: nobody is caught in it.
        return;
      }
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    // The map is one control to the keyboard: arrows, + − 0, Tab and Enter, as the help says.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the pane is operated by keys
    <section className="map" data-testid="map" data-pane="map" aria-label={t('pane.map')} tabIndex={0} onKeyDown={onKeyDown}>
      <div ref={container} className="map-base" />
      {isPlacing && <div className="map-cross" aria-hidden="true" />}
      {isPlacing && <div className="map-hint">{t('form.keyboardPin')}</div>}
      {city?.synthetic && <div className="map-synthetic">{t('synthetic')}</div>}
      {trouble && (
        <div className="map-trouble" role="status">
          {t(trouble === 'webgl' ? 'map.webgl' : 'map.failed')}
        </div>
      )}
      <div className="unseen" role="status" data-testid="map-spoken">
        {spoken}
      </div>
      <div className="unseen" data-testid="map-caller">
        {content.caller && `${t('calls.located')} ${formatPoint(content.caller.at)} ±${content.caller.certaintyMeters} m`}
      </div>
    </section>
  );
}

function nameOf(picked: Picked, content: MapContent): string {
  if (picked.kind === 'unit') {
    return content.units.find(({ id }) => id === picked.id)?.callSign ?? '';
  }
  if (picked.kind === 'vehicle') {
    const vehicle = positions.find(picked.id);
    const age = fixAgeSeconds(vehicle?.time);
    return vehicle && age !== null ? `${vehicle.plate} ${formatAge(age)}` : '';
  }
  if (picked.kind === 'closure') {
    return content.closures?.find(({ id }) => id === picked.id)?.label ?? '';
  }
  const incident = content.incidents.find(({ id }) => id === picked.id);
  return incident ? `${incident.number} P${incident.priority} ${incident.complaint}` : '';
}
