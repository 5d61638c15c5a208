const ERROR = /^(?:\[([^\]@]+?)(?: @ [^\]]*)?\] )?\[(?:error|fatal|panic)\] (.*)$/;
/**
 * About the times on the way out, which nobody reads: they begin again where ffmpeg rebuilds its filters, as it does
 * where a stream says that its pictures are turned otherwise from there on.
 */
const OF_OUTPUT_TIMES = /^Application provided invalid, non monotonically increasing dts to muxer in stream \d+: /;
const MOST_CHARACTERS = 300;
/** What ffmpeg says at the end of each failure, whatever its reason. */
const CONSEQUENCE =
  /^(?:\S+: )?(?:Error marking filters|Cannot determine format of input|Error while (?:decoding|processing)|Error (?:submitting|sending) |Conversion failed|Nothing was written)/;

/** The video's error that a line of ffmpeg's log tells of (`-loglevel level+error`); undefined for any other line. */
export function parseComplaint(line: string): string | undefined {
  const error = ERROR.exec(line);
  if (!error || (error[1] === 'rawvideo' && OF_OUTPUT_TIMES.test(error[2] ?? ''))) return undefined;
  return printable(error[1] ? `${error[1].trim()}: ${error[2]}` : (error[2] ?? ''));
}

/** What another program said, without what could steer a terminal, and not endlessly long. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const clean = text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  return clean.length > MOST_CHARACTERS ? `${clean.slice(0, MOST_CHARACTERS)}...` : clean;
}

/** The last complaint that names a reason, else the last one. */
export function mainComplaint<T extends { readonly text: string }>(complaints: readonly T[]): T | undefined {
  return complaints.findLast(({ text }) => !CONSEQUENCE.test(text)) ?? complaints.at(-1);
}
