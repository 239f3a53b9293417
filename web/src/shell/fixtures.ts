/** For tests: a moment of their day, so many minutes after two. */
export const atMinute = (minute: number, zone = 'Z'): string => `2026-11-25T02:${String(minute).padStart(2, '0')}:00${zone}`;
