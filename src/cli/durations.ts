/** Formats a duration for people: `4.2 s`, `3 min 20 s`, `2 h 5 min`. @param seconds 0 or more */
export function duration(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  return inMinutes(Math.round(seconds));
}

/** Formats an estimated duration: `4 s`, `3 min 20 s`, `2 h 5 min`. @param seconds 0 or more */
export function roughly(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : inMinutes(whole);
}

function inMinutes(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const whole = Math.round(seconds / 60);
  return `${Math.floor(whole / 60)} h ${whole % 60} min`;
}
