/**
 * The binary format of motion laboratories, according to the C3D User Guide (Motion Lab Systems, c3d.org): a header of
 * one block, parameters in groups, then a record of floating-point numbers for each frame.
 */
const BLOCK_BYTES = 512;
const FIRST_PARAMETER_BLOCK = 2;
const KEY = 0x50;
const INTEL = 84;
/** The largest 16-bit number; longer files state their frames in `TRIAL:ACTUAL_END_FIELD`. */
const MOST_IN_WORD = 0xffff;
/** Negative: points are floating-point numbers in their own unit. */
const FLOATING = -1;
const TEXT = -1;
const INTEGER = 2;
const REAL = 4;

/** Bytes of a point: x, y, z and the residual, which is -1 for an absent point. */
export const C3D_POINT_BYTES = 16;
export const C3D_ABSENT = -1;

/** Content of a file's header. */
export interface C3dFacts {
  /** Names of points, markers first. */
  readonly labels: readonly string[];
  /** Those among them that are angles in degrees, in x. */
  readonly angles: readonly string[];
  readonly frames: number;
  /** Frames per second. */
  readonly rate: number;
  /** Maximum number of seconds between a frame's own time and its place at that rate. */
  readonly timeError: number;
}

type Parameter = readonly [name: string, kind: number, dimensions: readonly number[], data: Buffer];

/** Everything before the first frame: a whole number of blocks. */
export function c3dHead(facts: C3dFacts): Buffer {
  const groups = groupsOf(facts, 0);
  // The start of the data is itself a parameter, with a length that does not depend on its value.
  const blocks = Math.ceil((4 + parameters(groups).length) / BLOCK_BYTES);
  const dataBlock = FIRST_PARAMETER_BLOCK + blocks;
  const section = Buffer.alloc(blocks * BLOCK_BYTES);
  section.set([1, KEY, blocks, INTEL]);
  section.set(parameters(groupsOf(facts, dataBlock)), 4);
  return Buffer.concat([header(facts, dataBlock), section]);
}

/** Zero bytes that complete the last block. */
export function c3dPadding(dataBytes: number): Buffer {
  return Buffer.alloc((BLOCK_BYTES - (dataBytes % BLOCK_BYTES)) % BLOCK_BYTES);
}

function header({ labels, frames, rate }: C3dFacts, dataBlock: number): Buffer {
  const bytes = Buffer.alloc(BLOCK_BYTES);
  bytes.set([FIRST_PARAMETER_BLOCK, KEY]);
  bytes.writeUInt16LE(labels.length, 2);
  bytes.writeUInt16LE(1, 6); // The first frame.
  bytes.writeUInt16LE(Math.min(frames, MOST_IN_WORD), 8);
  bytes.writeFloatLE(FLOATING, 12);
  bytes.writeUInt16LE(dataBlock, 16);
  bytes.writeFloatLE(rate, 20);
  return bytes;
}

function groupsOf({ labels, angles, frames, rate, timeError }: C3dFacts, dataBlock: number) {
  const point: readonly Parameter[] = [
    ['USED', INTEGER, [], words(labels.length)],
    ['SCALE', REAL, [], reals(FLOATING)],
    ['RATE', REAL, [], reals(rate)],
    ['DATA_START', INTEGER, [], words(dataBlock)],
    ['FRAMES', INTEGER, [], words(Math.min(frames, MOST_IN_WORD))],
    ['LONG_FRAMES', REAL, [], reals(frames)],
    ['LABELS', ...texts(labels)],
    ['DESCRIPTIONS', ...texts(labels.map(label => label.replaceAll('_', ' ')))],
    ['UNITS', ...text('mm')],
    ['ANGLES', ...texts(angles)],
    ['ANGLE_UNITS', ...text('deg')],
    ['X_SCREEN', ...text('+X')],
    ['Y_SCREEN', ...text('+Y')],
  ];
  const trial: readonly Parameter[] = [
    ['ACTUAL_START_FIELD', INTEGER, [2], words(1, 0)],
    ['ACTUAL_END_FIELD', INTEGER, [2], words(frames % 0x10000, Math.floor(frames / 0x10000))],
    ['CAMERA_RATE', REAL, [], reals(rate)],
  ];
  const analog: readonly Parameter[] = [
    ['USED', INTEGER, [], words(0)],
    ['GEN_SCALE', REAL, [], reals(1)],
    ['RATE', REAL, [], reals(0)],
  ];
  const made: readonly Parameter[] = [
    ['SOFTWARE', ...text('bodyscript')],
    ['TIME_ERROR', REAL, [], reals(timeError)],
  ];
  // The author of the file comes first, so that its first bytes identify it.
  return { MANUFACTURER: made, POINT: point, TRIAL: trial, ANALOG: analog } as const;
}

function words(...values: readonly number[]): Buffer {
  return Buffer.from(Uint16Array.from(values).buffer);
}

function reals(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeFloatLE(value, 4 * i);
  return bytes;
}

function text(value: string): [number, number[], Buffer] {
  return [TEXT, [value.length], Buffer.from(value, 'latin1')];
}

/** Texts of one length: shorter ones are padded with spaces. */
function texts(values: readonly string[]): [number, number[], Buffer] {
  const width = Math.max(...values.map(value => value.length));
  const padded = values.map(value => value.padEnd(width)).join('');
  return [TEXT, [width, values.length], Buffer.from(padded, 'latin1')];
}

/** Groups with their parameters; each entry holds the distance to the next one, the last holds 0. */
function parameters(groups: Readonly<Record<string, readonly Parameter[]>>): Buffer {
  const entries = Object.entries(groups).flatMap(([group, all], index) => [
    { name: group, id: -(index + 1), body: Buffer.from([0]) },
    ...all.map(([name, kind, dimensions, data]) => ({
      name,
      id: index + 1,
      body: Buffer.concat([Buffer.from([kind & 0xff, dimensions.length, ...dimensions]), data, Buffer.from([0])]),
    })),
  ]);
  return Buffer.concat(
    entries.map(({ name, id, body }, index) => {
      const next = Buffer.alloc(2);
      next.writeUInt16LE(index === entries.length - 1 ? 0 : 2 + body.length);
      return Buffer.concat([Buffer.from([name.length, id & 0xff]), Buffer.from(name, 'latin1'), next, body]);
    }),
  );
}
