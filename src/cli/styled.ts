import pc from 'picocolors';
import { forTerminal } from '../text/terminal.js';

/** A coloured part of a line. */
export interface Span {
  readonly text: string;
  readonly paint: 'green' | 'yellow' | 'red';
}

/** A line with coloured parts. */
export interface StyledLine {
  readonly spans: readonly (string | Span)[];
}

/** One line, or several. */
export type Message = string | readonly (string | StyledLine)[];

/** The colour of each state of a video. */
export const STATE_PAINT = {
  done: 'green',
  skipped: 'yellow',
  waiting: 'yellow',
  failed: 'red',
  interrupted: 'yellow',
} as const satisfies Record<string, Span['paint']>;

/** A word in the colour of its state; other words are unchanged. */
export function paintedState(state: string, text = state): string | Span {
  const paint = (STATE_PAINT as Readonly<Record<string, Span['paint'] | undefined>>)[state];
  return paint === undefined ? text : { text, paint };
}

function linesOf(message: Message): readonly (string | StyledLine)[] {
  return typeof message === 'string' ? [message] : message;
}

/** A message for a terminal, each line made safe: only our colours act on the terminal. */
export function shown(message: Message, color: boolean): string {
  const colors = pc.createColors(color);
  const painted = (span: string | Span) =>
    typeof span === 'string' ? forTerminal(span) : colors[span.paint](forTerminal(span.text));
  return linesOf(message)
    .map(line => (typeof line === 'string' ? forTerminal(line) : line.spans.map(painted).join('')))
    .join('\n');
}

/** A message without colours, for programs. */
export function plainText(message: Message): string {
  const plain = (span: string | Span) => (typeof span === 'string' ? span : span.text);
  return linesOf(message)
    .map(line => (typeof line === 'string' ? line : line.spans.map(plain).join('')))
    .join('\n');
}
