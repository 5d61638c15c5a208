import type { ANALYZE } from './analyze-table.js';
import type { Idle, IdleRules } from './idle.js';

/** What the paths of a command line are, as far as it can be seen without opening them. */
export interface InputKinds {
  /** Whether all of them are files or stdin: no folder, no pattern and no list is among them. */
  readonly areFiles: boolean;
  /** Whether one of them may be a raw stream without times: by its name, or since it is stdin. */
  readonly hasRaw?: boolean;
  /** Whether one of them is stdin. */
  readonly fromStdin: boolean;
  /** Whether the one video comes or its results go through a pipe. */
  readonly isStream: boolean;
  /** Whether videos may come from a bucket, or results go there. */
  readonly usesBucket?: boolean;
}

/** For the options of `analyze` that depend on what is analysed. */
export function idleInputRules({
  areFiles,
  hasRaw,
  fromStdin,
  isStream,
  usesBucket,
}: InputKinds): IdleRules<typeof ANALYZE> {
  const needsFolder = (): Idle | undefined =>
    areFiles ? { because: 'no folder is among the inputs', unless: 'name a folder' } : undefined;
  return {
    fps: () =>
      areFiles && !hasRaw
        ? { because: 'a video has times of its own', unless: 'name numbered pictures, as "frames/frame_%04d.png"' }
        : undefined,
    name: () =>
      fromStdin ? undefined : { because: 'it names the results of stdin', unless: 'read a video from stdin (-)' },
    include: needsFolder,
    exclude: needsFolder,
    hidden: needsFolder,
    follow: needsFolder,
    scratch: () =>
      usesBucket ? undefined : { because: 'no video and no result is in a bucket', unless: 'name s3://BUCKET/PREFIX' },
    stall: () =>
      isStream ? { because: 'who is at the other end of a pipe may take any time', unless: 'use files' } : undefined,
  };
}
