const ERROR = /^(?:\[([^\]@]+?)(?: @ [^\]]*)?\] )?\[(?:error|fatal|panic)\] (.*)$/;
/**
 * Complaints about output times, which nobody reads: they restart where ffmpeg rebuilds its filters, as it does where a
 * stream announces another rotation.
 */
const OF_OUTPUT_TIMES = /^Application provided invalid, non monotonically increasing dts to muxer in stream \d+: /;
const MOST_CHARACTERS = 300;
/** What ffmpeg prints at the end of every failure, whatever the cause. */
const CONSEQUENCE =
  /^(?:\S+: )?(?:Error marking filters|Cannot determine format of input|Error while (?:decoding|processing)|Error (?:submitting|sending) |Conversion failed|Nothing was written)/;

/** The video error in a line of ffmpeg's log (`-loglevel level+error`); undefined for any other line. */
export function parseComplaint(line: string): string | undefined {
  const error = ERROR.exec(line);
  if (!error || (error[1] === 'rawvideo' && OF_OUTPUT_TIMES.test(error[2] ?? ''))) return undefined;
  return printable(error[1] ? `${error[1].trim()}: ${error[2]}` : (error[2] ?? ''));
}

/** Text of another program, cut to a bounded length and without characters that could control a terminal. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are removed
  const clean = text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  return clean.length > MOST_CHARACTERS ? `${clean.slice(0, MOST_CHARACTERS)}...` : clean;
}

/** The last complaint that names a cause, else the last one. */
export function mainComplaint<T extends { readonly text: string }>(complaints: readonly T[]): T | undefined {
  return complaints.findLast(({ text }) => !CONSEQUENCE.test(text)) ?? complaints.at(-1);
}
