import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { FoundPlace, LonLat } from '../api/contract';
import { server } from '../api/server';
import { useMapState } from '../map/control';

const typingPauseMs = 80;
const none: readonly FoundPlace[] = [];

export interface PlacesFound {
  /** Of the text as it was when last answered: rows stay until the next answer is there. */
  places: readonly FoundPlace[];
  /** The answer for the text as it stands is not there yet. */
  isWaiting: boolean;
  error: unknown;
}

/** What the gazetteer finds for a text, near the middle of the map; asked once the typing pauses. */
export function usePlaces(text: string, limit: number): PlacesFound {
  const wanted = text.trim();
  const [asked, setAsked] = useState(wanted);
  useEffect(() => {
    const timer = window.setTimeout(() => setAsked(wanted), typingPauseMs);
    return () => window.clearTimeout(timer);
  }, [wanted]);
  const { data, error, isFetching } = useQuery({
    queryKey: ['places', asked, limit],
    queryFn: ({ signal }) => {
      const near: LonLat | null = useMapState.getState().control?.center() ?? null;
      return server.places(asked, near, limit, signal);
    },
    enabled: asked !== '',
    placeholderData: (previous) => previous,
    retry: false,
    staleTime: 60_000,
  });
  const isWaiting = wanted !== '' && (wanted !== asked || isFetching);
  return {
    places: wanted === '' ? none : (data?.places ?? none),
    isWaiting,
    error: isWaiting ? null : error,
  };
}

/** Rows of several sources change together, when the last of them has answered: none slides in under the hand. */
export function useSettled<Rows>(rows: Rows, isWaiting: boolean): Rows {
  const kept = useRef(rows);
  if (!isWaiting) {
    kept.current = rows;
  }
  return kept.current;
}
