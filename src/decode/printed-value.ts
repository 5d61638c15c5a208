const PRINTED = /^(?:\[Eval @ [^\]]*\] )?\[error\] (?:(-?\d+)\.0+|-?nan)$/;

/**
 * The whole number printed by an ffmpeg expression; NaN if it is not a whole number; undefined for any other line of
 * the log.
 */
export function parsePrinted(line: string): number | undefined {
  const match = PRINTED.exec(line);
  return match ? Number(match[1] ?? Number.NaN) : undefined;
}
