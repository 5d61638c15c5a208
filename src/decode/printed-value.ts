const PRINTED = /^(?:\[Eval @ [^\]]*\] )?\[error\] (?:(-?\d+)\.0+|-?nan)$/;

/**
 * The whole number that an expression of ffmpeg's printed; NaN where it is none; undefined for any other line of the
 * log.
 */
export function parsePrinted(line: string): number | undefined {
  const match = PRINTED.exec(line);
  return match ? Number(match[1] ?? Number.NaN) : undefined;
}
