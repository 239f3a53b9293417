// Texts for times and distances. The city's own time zone, whatever the desk's computer is set to.

const timeOfDay = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Shanghai',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});

const dayOfYear = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short' });

/** `02:14:07` */
export const formatTime = (time: string | number): string => timeOfDay.format(typeof time === 'number' ? time : Date.parse(time));

/** `2026-11-25` */
export const formatDate = (time: number): string => dayOfYear.format(time);

/** `02:14:07`; of another day `11-24 02:14`. */
export function formatMoment(time: string, now: number): string {
  const day = formatDate(Date.parse(time));
  return day === formatDate(now) ? formatTime(time) : `${day.slice(5)} ${formatTime(time).slice(0, 5)}`;
}

/** `04:10`, from one hour on `1:04:10`. Less than nothing (a clock ahead of ours) is nothing. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${two(minutes)}:${two(rest)}`;
}

/** How old something is, short enough for a map: `45s`, `12m`, `3h`. */
export function formatAge(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 120) {
    return `${whole}s`;
  }
  return whole < 7200 ? `${Math.floor(whole / 60)}m` : `${Math.floor(whole / 3600)}h`;
}

/** `850 m`, `3.4 km` */
export const formatMeters = (meters: number): string =>
  meters < 1000 ? `${Math.round(meters / 10) * 10} m` : `${(meters / 1000).toFixed(1)} km`;

/** Seconds from a moment until now. */
export const secondsSince = (time: string, nowSeconds: number): number => nowSeconds - Math.floor(Date.parse(time) / 1000);
