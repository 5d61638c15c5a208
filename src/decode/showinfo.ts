import type { Rational } from '../model/frame.js';

/** What ffmpeg's `showinfo` filter says of one frame. */
export interface ShownFrame {
  /** Frames through this filter so far; starts again when the stream changes its size. */
  readonly n: number;
  /** Presentation time in ticks, or undefined where the file gives none. */
  readonly pts: number | undefined;
}

export type DecoderMessage =
  | { readonly kind: 'frame'; readonly frame: ShownFrame }
  | { readonly kind: 'timeBase'; readonly timeBase: Rational }
  | { readonly kind: 'error'; readonly text: string };

const FRAME = /^\[Parsed_showinfo_\d+ @ [^\]]+\] (?:\[info\] )?n: *(\d+) pts: *(-?\d+|NOPTS) /;
const TIME_BASE = /^\[Parsed_showinfo_\d+ @ [^\]]+\] (?:\[info\] )?config in time_base: (\d+)\/(\d+)/;
const ERROR = /^(?:\[([^\]@]+?)(?: @ [^\]]*)?\] )?\[(?:error|fatal|panic)\] (.*)$/;

/** Reads one line of ffmpeg's log (`-loglevel level+info`); undefined for lines that do not matter here. */
export function parseDecoderLine(line: string): DecoderMessage | undefined {
  const frame = FRAME.exec(line);
  if (frame)
    return { kind: 'frame', frame: { n: Number(frame[1]), pts: frame[2] === 'NOPTS' ? undefined : Number(frame[2]) } };
  const timeBase = TIME_BASE.exec(line);
  if (timeBase) return { kind: 'timeBase', timeBase: { num: Number(timeBase[1]), den: Number(timeBase[2]) } };
  const error = ERROR.exec(line);
  if (error) return { kind: 'error', text: error[1] ? `${error[1].trim()}: ${error[2]}` : (error[2] ?? '') };
  return undefined;
}
