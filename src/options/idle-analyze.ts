import { SCALED_FORMATS } from '../formats/export-formats.js';
import { MODES } from '../strategies/modes.js';
import type { ANALYZE } from './analyze-table.js';
import type { Idle, IdleRules } from './idle.js';
import type { Values } from './option.js';

type AnalyzeValues = Values<typeof ANALYZE>;
type Rule = (values: AnalyzeValues) => Idle | undefined;

/** @param writes the default outputs, as in `toAnalyzeOptions` */
export function idleAnalyzeRules(writes: 'files' | 'nothing'): IdleRules<typeof ANALYZE> {
  const drawn = needsOverlay(writes);
  return {
    csvLayout: needsTable(writes),
    csvDialect: values => (values.angles ? undefined : needsTable(writes)(values)),
    explain: needsJudge,
    personHeight: needsMarkers,
    preview: needsOverlayFile(writes),
    minVisibility: drawn,
    labels: drawn,
    overlaySize: drawn,
    overlayCrf: drawn,
    minScore: needsJudge,
    maxAttempts: needsAttempts,
    fixSwaps: needsJudge,
    // A value of 0 is valid in every mode.
    lookAhead: values => (values.lookAhead === 0 || values.lookAhead === 'auto' ? undefined : needsJudge(values)),
    person: choosesAmongPeople,
    minTracking: needsEngineTracking,
    threads: needsNative,
    provider: needsNative,
  };
}

const needsJudge: Rule = ({ mode }) =>
  MODES[mode].retries === 'none'
    ? { because: `--mode ${mode} does not judge poses`, unless: 'choose --mode smart or quality' }
    : undefined;

const needsAttempts: Rule = values =>
  values.mode === 'quality'
    ? { because: '--mode quality makes every attempt at each frame', unless: 'choose --mode smart' }
    : needsJudge(values);

const needsNative: Rule = ({ engine }) =>
  engine === 'mediapipe'
    ? { because: '--engine mediapipe runs on the CPU in one thread', unless: 'choose --engine native' }
    : undefined;

const choosesAmongPeople: Rule = values => {
  const idle = needsJudge(values);
  if (idle) return idle;
  if (values.people > 1) return { because: 'several people are followed', unless: 'follow one person (--people 1)' };
  if (values.engine === 'mediapipe') {
    return { because: '--engine mediapipe chooses the person itself', unless: 'choose --engine native' };
  }
  return undefined;
};

/** Where the engine's own tracking runs: in the modes that leave it alone, and always in MediaPipe's own engine. */
const needsEngineTracking: Rule = ({ mode, engine, people }) => {
  const { follows, retries } = MODES[mode];
  if (!follows) return { because: `--mode ${mode} does not follow people`, unless: 'choose --mode track' };
  if (engine !== 'native') return undefined;
  if (retries !== 'none') {
    return { because: `--mode ${mode} judges poses instead, with --min-score`, unless: 'choose --mode track' };
  }
  if (people === 1) return undefined;
  return { because: 'with several people, another rule applies', unless: 'follow one person (--people 1)' };
};

const needsMarkers: Rule = values =>
  values.export?.some(format => SCALED_FORMATS.includes(format))
    ? undefined
    : {
        because: 'it scales the markers of trc, opensim and c3d, and none of them is exported',
        unless: 'add --export trc',
      };

/** Whether only what is named is written: the library does so, and the command line where something goes to stdout. */
function writesNamed({ csv, ndjson, overlay }: AnalyzeValues, writes: 'files' | 'nothing'): boolean {
  return writes === 'nothing' || [csv, ndjson, overlay].includes('-');
}

const isWritten = (value: string | false | undefined, values: AnalyzeValues, writes: 'files' | 'nothing') =>
  value === undefined ? !writesNamed(values, writes) : value !== false;

function needsTable(writes: 'files' | 'nothing'): Rule {
  return values =>
    isWritten(values.csv, values, writes)
      ? undefined
      : { because: 'no landmark table is written', unless: 'add --csv auto' };
}

function needsOverlay(writes: 'files' | 'nothing'): Rule {
  return values =>
    isWritten(values.overlay, values, writes)
      ? undefined
      : { because: 'no overlay is written', unless: 'add --overlay auto' };
}

function needsOverlayFile(writes: 'files' | 'nothing'): Rule {
  return values =>
    values.overlay !== '-' && isWritten(values.overlay, values, writes)
      ? undefined
      : { because: 'it is cut from the overlay, which must be a file', unless: 'add --overlay auto' };
}
