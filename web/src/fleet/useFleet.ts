import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { language } from '../shell/i18n';
import { type Fleet, fleetApi, type TerminalView, type VehicleQuestion } from './api';

// What is read of the fleet. All keys begin with `fleet`: an act makes whatever is shown of it be read again.

export const useFleets = (isEnabled = true) =>
  useQuery({ queryKey: ['fleet', 'fleets'], queryFn: fleetApi.fleets, staleTime: 30_000, enabled: isEnabled });

export const useVehicles = (question: VehicleQuestion) =>
  useInfiniteQuery({
    queryKey: ['fleet', 'vehicles', question],
    queryFn: ({ pageParam, signal }) => fleetApi.vehicles(question, pageParam, 100, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });

/** The first few that fit, for a field with choices. */
export const useFoundVehicles = (search: string, isEnabled: boolean) =>
  useQuery({
    queryKey: ['fleet', 'find', search.trim()],
    queryFn: ({ signal }) => fleetApi.vehicles({ search: search.trim() }, null, 6, signal),
    enabled: isEnabled && search.trim() !== '',
    placeholderData: keepPreviousData,
  });

export const useVehicle = (id: string) =>
  useQuery({
    queryKey: ['fleet', 'vehicle', id],
    queryFn: ({ signal }) => fleetApi.vehicle(id, signal),
    refetchInterval: 15_000,
  });

/** `isToday`: it goes on. */
export const useDay = (id: string, date: string, isToday: boolean) =>
  useQuery({
    queryKey: ['fleet', 'day', id, date],
    queryFn: ({ signal }) => fleetApi.day(id, date, signal),
    refetchInterval: isToday ? 30_000 : false,
  });

export const useTrail = (id: string, date: string, isToday: boolean, isEnabled: boolean) =>
  useQuery({
    queryKey: ['fleet', 'trail', id, date],
    queryFn: ({ signal }) => fleetApi.trail(id, date, signal),
    enabled: isEnabled,
    refetchInterval: isToday ? 30_000 : false,
  });

export const useTerminals = (state: TerminalView['state'] | null, isEnabled = true) =>
  useInfiniteQuery({
    queryKey: ['fleet', 'terminals', state],
    queryFn: ({ pageParam }) => fleetApi.terminals(state, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    enabled: isEnabled,
    // A terminal that is being mounted knocks while somebody waits at the screen.
    refetchInterval: state === 'waiting' ? 3000 : 15_000,
  });

export const useDrivers = (search: string) =>
  useInfiniteQuery({
    queryKey: ['fleet', 'drivers', search],
    queryFn: ({ pageParam }) => fleetApi.drivers(search, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

/** Asked often while a receipt is awaited. */
export const useMessages = (terminal: { protocol: string; terminal: string } | null) =>
  useQuery({
    queryKey: ['fleet', 'messages', terminal?.protocol, terminal?.terminal],
    queryFn: ({ signal }) => fleetApi.messages(terminal ?? { protocol: '', terminal: '' }, signal),
    enabled: terminal !== null,
    refetchInterval: (query) =>
      query.state.data?.messages.some(({ state }) => state === 'waiting' || state === 'sent') ? 2000 : 15_000,
  });

export function departmentName(fleets: readonly Fleet[], code: string | null): string | null {
  const found = fleets.find((fleet) => fleet.code === code);
  return found ? (language() === 'zh' ? found.name : found.nameEn) : code;
}
