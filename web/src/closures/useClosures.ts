import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { LonLat } from '../api/contract';
import type { MapClosure } from '../map/content';
import { useNowSeconds } from '../shell/clock';
import { type Closure, closuresApi, type Geometry, type SharedClosure } from './api';
import { kindText, whenText } from './closureText';

// What is read of closures. All keys begin with `closures`: an act makes whatever is shown of them be read again.

const pollMs = 5000;
const none: readonly ShownClosure[] = [];

/** What a map shows of a closure. */
type ShownClosure = Pick<MapClosure, 'id' | 'version'> &
  Pick<Closure, 'lines' | 'state' | 'kind' | 'speedFactor' | 'from' | 'until' | 'liftedAt'>;

export const useClosures = (isEnabled: boolean) =>
  useQuery({
    queryKey: ['closures', 'open'],
    queryFn: ({ signal }) => closuresApi.list(null, signal),
    enabled: isEnabled,
    // Somebody else may close a street at any moment.
    refetchInterval: pollMs,
  });

/** For who is not signed in. Where the layer is not open to everybody, the map is without it. */
export function useSharedClosures(isEnabled: boolean) {
  return useQuery({
    queryKey: ['closures', 'shared'],
    queryFn: async ({ signal }) => (await closuresApi.shared(signal)).features.map(fromShared),
    enabled: isEnabled,
    retry: false,
    refetchInterval: 30_000,
  });
}

function fromShared({ id, geometry, properties }: SharedClosure): ShownClosure {
  const { kind, state, speed_factor: speedFactor, valid_from: from, valid_until: until } = properties;
  // Without a number of its own: what it says, and where its lines begin, tells one state of it from the next.
  const version = JSON.stringify([properties, geometry.coordinates.map((line) => [line.length, line[0]])]);
  return { id, version, lines: geometry, state, kind, speedFactor, from, until, liftedAt: null };
}

export const useEndedClosures = (isEnabled: boolean) =>
  useQuery({
    queryKey: ['closures', 'ended'],
    queryFn: ({ signal }) => closuresApi.list('ended', signal),
    enabled: isEnabled,
    refetchInterval: 30_000,
  });

export const useClosure = (id: string) =>
  useQuery({
    queryKey: ['closures', 'one', id],
    queryFn: ({ signal }) => closuresApi.read(id, signal),
    refetchInterval: pollMs,
  });

/** What a drawing means, said back before it counts. */
export const usePreview = (geometry: Geometry | null, bothDirections: boolean) =>
  useQuery({
    queryKey: ['closures', 'preview', geometry, bothDirections],
    queryFn: ({ signal }) => {
      if (geometry === null) {
        throw new Error('Nothing is drawn.');
      }
      return closuresApi.preview(geometry, bothDirections, signal);
    },
    enabled: geometry !== null,
    retry: false,
    staleTime: 60_000,
  });

/** A street's crossings; with two of them the line between. */
export const useAlong = (street: string | null, from: number | null, to: number | null) =>
  useQuery({
    queryKey: ['closures', 'along', street, from, to],
    queryFn: ({ signal }) => closuresApi.along(street ?? '', from, to, signal),
    enabled: street !== null,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 60_000,
  });

/** The closures as a map draws them, labelled for this minute. */
export function useMapClosures(closures: readonly ShownClosure[] = none): readonly MapClosure[] {
  const { i18n } = useTranslation();
  const minute = Math.floor(useNowSeconds() / 60);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts are of the language
  return useMemo(() => closures.map((closure) => mapClosure(closure, minute * 60_000)), [closures, minute, i18n.language]);
}

function mapClosure(closure: ShownClosure, nowMs: number): MapClosure {
  const lines = closure.lines.coordinates;
  const when = whenText(closure, nowMs);
  return {
    id: closure.id,
    version: closure.version,
    lines,
    isPlanned: closure.state === 'planned',
    isSlow: closure.kind === 'slow',
    label: closure.kind === 'slow' ? `${kindText(closure)} ${when}` : when,
    labelAt: middleOf(lines),
  };
}

/** The middle of the line that lies nearest to the middle of all. */
function middleOf(lines: readonly LonLat[][]): LonLat {
  const middles = lines.flatMap((line): LonLat[] => {
    const [at, next] = [line[Math.floor((line.length - 1) / 2)], line[Math.floor(line.length / 2)]];
    return at && next ? [[(at[0] + next[0]) / 2, (at[1] + next[1]) / 2]] : [];
  });
  const mean = (axis: 0 | 1) => middles.reduce((sum, at) => sum + at[axis], 0) / middles.length;
  const center: LonLat = [mean(0), mean(1)];
  const far = ([lon, lat]: LonLat) => Math.hypot(lon - center[0], lat - center[1]);
  return middles.reduce((nearest, at) => (far(at) < far(nearest) ? at : nearest), middles[0] ?? [0, 0]);
}
