/** Digits of a time by the clock of this machine. */
function parts(time: Date): { date: string; clock: string } {
  const two = (value: number) => String(value).padStart(2, '0');
  return {
    date: `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`,
    clock: `${two(time.getHours())}:${two(time.getMinutes())}`,
  };
}

/** `2026-11-26 08:00`. @param milliseconds since 1970 */
export function localMinute(milliseconds: number): string {
  const { date, clock } = parts(new Date(milliseconds));
  return `${date} ${clock}`;
}

/** `2026-11-26 08:00:12 local (UTC+01:00), 2026-11-26T07:00:12.345Z`. @param milliseconds since 1970 */
export function localAndIso(milliseconds: number): string {
  const time = new Date(milliseconds);
  const seconds = String(time.getSeconds()).padStart(2, '0');
  return `${localMinute(milliseconds)}:${seconds} local (${zone(time)}), ${time.toISOString()}`;
}

/** This machine's offset from UTC at a time: `UTC+01:00`. */
export function zone(time: Date): string {
  const minutes = -time.getTimezoneOffset();
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return `UTC${minutes < 0 ? '-' : '+'}${two(hours)}:${two(rest)}`;
}
