import type { ANALYZE } from './analyze-table.js';
import type { Idle, IdleRules } from './idle.js';

/** Facts about the paths of a command line, as far as known without opening them. */
export interface InputKinds {
  /** Whether all of them are files or stdin, without folders, patterns or lists. */
  readonly areFiles: boolean;
  /** Whether one of them may be a raw stream without times: by suffix, or because it is stdin. */
  readonly hasRaw?: boolean;
  /** Whether one of them is stdin. */
  readonly fromStdin: boolean;
  /** Whether the single video or its results pass through a pipe. */
  readonly isStream: boolean;
}

/** Rules for the options of `analyze` that depend on the inputs. */
export function idleInputRules({ areFiles, hasRaw, fromStdin, isStream }: InputKinds): IdleRules<typeof ANALYZE> {
  const needsFolder = (): Idle | undefined =>
    areFiles ? { because: 'none of the inputs is a folder', unless: 'give a folder' } : undefined;
  return {
    fps: () =>
      areFiles && !hasRaw
        ? {
            because: 'the video has its own frame times',
            unless: 'give numbered pictures, e.g. "frames/frame_%04d.png"',
          }
        : undefined,
    name: () =>
      fromStdin
        ? undefined
        : { because: 'it names the results of a video from stdin', unless: 'read a video from stdin (-)' },
    include: needsFolder,
    exclude: needsFolder,
    hidden: needsFolder,
    follow: needsFolder,
    stall: () => (isStream ? { because: 'a pipe may be slow without limit', unless: 'use files' } : undefined),
  };
}
