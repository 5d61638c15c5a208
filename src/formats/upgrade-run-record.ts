/**
 * Options as stored in records of version 1: in one list, two of them with the engine's. The group of each; the rest
 * decide the numbers.
 */
const SOURCE = ['selection', 'rotate', 'videoStream', 'sequenceFps', 'inputFormat'];
const OUTPUTS = [
  'outDir',
  'csv',
  'csvLayout',
  'ndjson',
  'overlay',
  'angles',
  'quality',
  'exports',
  'personHeight',
  'contactSheet',
  'thumbnail',
  'preview',
  'plots',
  'explain',
  'record',
];
const MACHINE = ['overwrite', 'alsoRead', 'maxMemory', 'maxPixels', 'ffmpeg', 'ffprobe'];
const MACHINE_OF_ENGINE = ['threads', 'modelSha256'];

/** Fields of the record itself that were renamed since. */
const RENAMED: ReadonlyMap<string, string> = new Map([['carefulModel', 'refinerModel']]);

type Fields = Readonly<Record<string, unknown>>;

/**
 * A record of version 1 in the layout of version 2, which groups its options and renames some fields; anything else
 * unchanged.
 * @param json the content of any file, unchecked
 */
export function upgradeRunRecord(json: unknown): unknown {
  if (!isObject(json) || json.recordVersion !== 1 || !isObject(json.options)) return json;
  return { ...withNamesOfToday(json), recordVersion: 2, options: groupsOf(json.options) };
}

function withNamesOfToday(record: Fields): Fields {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [RENAMED.get(name) ?? name, value]));
}

function groupsOf(options: Fields): object {
  const [source, more] = parted(options, SOURCE);
  const [outputs, others] = parted(more, OUTPUTS);
  const [machine, analysis] = parted(others, MACHINE);
  if (!isObject(analysis.engine)) return { source, analysis, outputs, machine };
  const [limits, engine] = parted(analysis.engine, MACHINE_OF_ENGINE);
  return { source, analysis: { ...analysis, engine }, outputs, machine: { ...machine, ...limits } };
}

/** The named fields, and the others. */
function parted(fields: Fields, names: readonly string[]): [Fields, Fields] {
  const entries = Object.entries(fields);
  const isNamed = ([name]: [string, unknown]) => names.includes(name);
  return [Object.fromEntries(entries.filter(isNamed)), Object.fromEntries(entries.filter(entry => !isNamed(entry)))];
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
