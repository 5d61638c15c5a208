import type { ExportFacts } from '../../formats/export-facts.js';
import { type NetcdfFacts, netcdfHead, netcdfTexts } from '../../formats/netcdf.js';
import { LANDMARK_COUNT, LANDMARK_NAMES } from '../../model/blazepose.js';
import { tableClock } from '../../model/steady-clock.js';
import type { TableFrame, TablePerson } from '../../model/table-frame.js';
import { OpenStack } from '../../system/open-stack.js';
import { settleAll } from '../../system/settle.js';
import { GrowingFile } from '../../system/whole-file.js';
import type { Output } from '../output.js';
import { PersonRecords } from './person-records.js';

const SPACE = ['x', 'y'] as const;
/** A person's record: x of each landmark, then y, then confidence. */
const NUMBERS = LANDMARK_COUNT * (SPACE.length + 1);
const RECORD_BYTES = 8 * NUMBERS;
/** Frames assembled at a time; people are this many rows of them. */
const FRAMES_AT_ONCE = 64;

/**
 * The data set of Python's `movement`, as netCDF that xarray opens: positions in pixels and confidences of all
 * landmarks, by time, space, keypoint and individual; NaN if absent. Uncertain landmarks are kept:
 * `filter_by_confidence` removes them there. A table without confidences contributes its visibilities.
 */
export class MovementFile implements Output<'table'> {
  readonly #path: string;
  readonly #records: PersonRecords;
  readonly #clock = tableClock();
  #first: number | undefined;
  #time = 0;
  #file: GrowingFile | undefined;

  constructor({ stem }: ExportFacts) {
    this.#path = `${stem}.movement.nc`;
    this.#records = new PersonRecords(this.#path, RECORD_BYTES, recordOf);
  }

  async write({ timestamp, people }: TableFrame): Promise<void> {
    this.#time = this.#clock.next(timestamp);
    this.#first ??= this.#time;
    await this.#records.write(this.#time, people);
  }

  async finish(): Promise<void> {
    const { ids, frames } = this.#records;
    if (ids.length > 0) {
      await using opened = new OpenStack();
      const file = opened.add(await GrowingFile.create(this.#path), it => it.remove());
      const lasted = this.#time - (this.#first ?? 0);
      await file.append(netcdfHead(factsOf(ids, frames, lasted > 0 ? (frames - 1) / lasted : undefined)));
      for await (const rows of this.#records.together(ids, FRAMES_AT_ONCE))
        await file.append(framesOf(rows.seconds, rows.people));
      await file.close();
      opened.keep();
      this.#file = file;
    }
    await this.#records.remove();
  }

  async publish(): Promise<readonly string[]> {
    await this.#file?.publish();
    return this.#file ? [this.#path] : [];
  }

  async abandon(): Promise<void> {
    await settleAll([this.#records.remove(), this.#file?.remove()]);
  }
}

function recordOf(person: TablePerson | undefined): Buffer {
  const bytes = Buffer.alloc(RECORD_BYTES);
  const marks = LANDMARK_NAMES.map((_, id) => person?.landmarks[id]);
  const columns = [
    marks.map(mark => mark?.xPx),
    marks.map(mark => mark?.yPx),
    marks.map(mark => mark?.confidence ?? mark?.visibility),
  ];
  let at = 0;
  for (const value of columns.flat()) at = bytes.writeDoubleLE(value ?? Number.NaN, at);
  return bytes;
}

function factsOf(ids: readonly number[], frames: number, rate: number | undefined): NetcdfFacts {
  const [space, keypoints] = [netcdfTexts(SPACE), netcdfTexts(LANDMARK_NAMES)];
  const individuals = netcdfTexts(ids.map(id => `person_${id}`));
  const names = { _Encoding: 'utf-8' };
  return {
    records: frames,
    dimensions: {
      time: 0,
      space: SPACE.length,
      keypoints: LANDMARK_COUNT,
      individuals: ids.length,
      space_text: space.width,
      keypoint_text: keypoints.width,
      individual_text: individuals.width,
    },
    attributes: {
      source_software: 'bodyscript',
      ds_type: 'poses',
      time_unit: 'seconds',
      ...(rate === undefined ? {} : { fps: rate }),
    },
    variables: [
      { name: 'space', type: 'char', dimensions: ['space', 'space_text'], attributes: names, data: space.data },
      {
        name: 'keypoints',
        type: 'char',
        dimensions: ['keypoints', 'keypoint_text'],
        attributes: names,
        data: keypoints.data,
      },
      {
        name: 'individuals',
        type: 'char',
        dimensions: ['individuals', 'individual_text'],
        attributes: names,
        data: individuals.data,
      },
      { name: 'time', type: 'double', dimensions: ['time'] },
      {
        name: 'position',
        type: 'double',
        dimensions: ['time', 'space', 'keypoints', 'individuals'],
        attributes: { _FillValue: Number.NaN },
      },
      {
        name: 'confidence',
        type: 'float',
        dimensions: ['time', 'keypoints', 'individuals'],
        attributes: { _FillValue: { float: Number.NaN } },
      },
    ],
  };
}

/** Frames in the file's layout, from the same number of records of each person. */
function framesOf(seconds: readonly number[], people: readonly Buffer[]): Buffer {
  const positions = LANDMARK_COUNT * SPACE.length;
  const frameBytes = 8 + people.length * (8 * positions + 4 * LANDMARK_COUNT);
  const bytes = Buffer.alloc(seconds.length * frameBytes);
  let at = 0;
  for (const [frame, time] of seconds.entries()) {
    const number = (person: Buffer, index: number) => person.readDoubleLE(frame * RECORD_BYTES + 8 * index);
    at = bytes.writeDoubleBE(time, at);
    for (let i = 0; i < positions; i++) for (const person of people) at = bytes.writeDoubleBE(number(person, i), at);
    for (let i = positions; i < NUMBERS; i++) {
      for (const person of people) at = bytes.writeFloatBE(number(person, i), at);
    }
  }
  return bytes;
}
