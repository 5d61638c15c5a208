import { DECIMALS, rounded } from '../../formats/csv-writer.js';
import { type ExportFacts, USUAL_CONFIDENCE } from '../../formats/export-facts.js';
import { personAngles } from '../../formats/person-angles.js';
import {
  MOST_XLSX_ROWS,
  SHEET_END,
  sheetPath,
  sheetRow,
  sheetStart,
  workbookParts,
  type XlsxCell,
} from '../../formats/xlsx.js';
import type { TableFrame, TablePerson } from '../../model/table-frame.js';
import { ANGLE_NAMES, type Angle } from '../../signal/angles.js';
import { QualitySums } from '../../signal/quality.js';
import { OpenStack } from '../../system/open-stack.js';
import { PACKAGE } from '../../system/package-info.js';
import { settleAll } from '../../system/settle.js';
import type { Output } from '../output.js';
import { csvSheet } from './csv-sheet.js';
import { TextFile } from './text-file.js';
import { summaryRows } from './xlsx-summary.js';
import { ZipFile } from './zip-file.js';

const DEGREE_DECIMALS = 2;
const ANGLE_HEAD = ['frame_id', 'timestamp', 'person_id', ...ANGLE_NAMES];
/** In characters. */
const WIDTHS = { angles: ANGLE_HEAD.map(name => Math.max(10, name.length + 1)), summary: [34, 24, 60] };

type Degrees = (angle: Angle) => number | undefined;

/** Settings of a sheet of angles. */
interface AngleSheetFacts {
  readonly name: string;
  readonly degrees: Degrees;
  /** Angles of lower confidence are empty cells, 0-1. */
  readonly minConfidence: number;
  /** Including the heading. */
  readonly mostRows: number;
}

/** A sheet of angles, whose rows wait on disk until the workbook is assembled. */
class AngleSheet {
  readonly #facts: AngleSheetFacts;
  readonly #rows: TextFile;
  #count = 0;
  /** Rows beyond Excel's limit, and the first frame among them. */
  leftOut: { rows: number; readonly frameId: number } | undefined;

  private constructor(rows: TextFile, facts: AngleSheetFacts) {
    this.#rows = rows;
    this.#facts = facts;
  }

  static async create(path: string, facts: AngleSheetFacts): Promise<AngleSheet> {
    await using opened = new OpenStack();
    const sheet = new AngleSheet(
      opened.add(await TextFile.create(path), rows => rows.remove()),
      facts,
    );
    await sheet.#rows.add(sheetStart(WIDTHS.angles));
    await sheet.#rows.add(sheetRow(++sheet.#count, ANGLE_HEAD, true));
    opened.keep();
    return sheet;
  }

  get name(): string {
    return this.#facts.name;
  }

  async add({ frameId, timestamp }: TableFrame, person: TablePerson | undefined, angles: readonly Angle[]) {
    if (this.#count >= this.#facts.mostRows) {
      this.leftOut ??= { rows: 0, frameId };
      this.leftOut.rows++;
      return;
    }
    const cells = angles.map(angle => (angle.confidence >= this.#facts.minConfidence ? this.#cell(angle) : undefined));
    const row = [frameId, rounded(timestamp, DECIMALS.timestamp), person?.personId, ...cells];
    await this.#rows.add(sheetRow(++this.#count, row));
  }

  #cell(angle: Angle): number | undefined {
    const degrees = this.#facts.degrees(angle);
    return degrees === undefined || Number.isNaN(degrees) ? undefined : rounded(degrees, DEGREE_DECIMALS);
  }

  contents(): AsyncGenerator<Buffer> {
    return this.#rows.bytes(SHEET_END);
  }

  async remove(): Promise<void> {
    await this.#rows.remove();
  }
}

/**
 * A workbook for Excel and similar programs: a summary with the table's quality, and the joint angles in space and in
 * the picture, one row for each person of a frame. Uncertain angles are empty cells. Rows wait on disk: memory does not
 * grow with the table.
 */
export class XlsxFile implements Output<'table'> {
  readonly #facts: ExportFacts;
  readonly #sheets: readonly AngleSheet[];
  readonly #mostRows: number;
  readonly #sums = new QualitySums();
  #lasted: { readonly from: number; to: number } | undefined;
  #file: ZipFile | undefined;

  private constructor(facts: ExportFacts, sheets: readonly AngleSheet[], mostRows: number) {
    this.#facts = facts;
    this.#mostRows = mostRows;
    this.#sheets = sheets;
  }

  /** @param mostRows of a sheet, including its heading */
  static async create(facts: ExportFacts, mostRows = MOST_XLSX_ROWS): Promise<XlsxFile> {
    const minConfidence = facts.minConfidence ?? USUAL_CONFIDENCE;
    await using opened = new OpenStack();
    const sheet = async (name: string, degrees: Degrees) => {
      const path = `${facts.stem}.xlsx.${name.replace(' ', '-')}`;
      return opened.add(await AngleSheet.create(path, { name, degrees, minConfidence, mostRows }), it => it.remove());
    };
    const space = await sheet('angles', ({ degrees3d }) => degrees3d);
    const picture = await sheet('angles 2D', ({ degrees2d }) => degrees2d);
    opened.keep();
    return new XlsxFile(facts, [space, picture], mostRows);
  }

  get warnings(): readonly string[] {
    const [most] = this.#sheets.map(({ leftOut }) => leftOut);
    if (!most) return [];
    const limit = this.#mostRows.toLocaleString('en');
    return [
      `${this.#path}: a sheet can hold ${limit} rows: ${most.rows} rows of angles, from frame ${most.frameId} on, are left out`,
    ];
  }

  async write(frame: TableFrame): Promise<void> {
    const { timestamp, people } = frame;
    this.#sums.add(frame);
    this.#lasted ??= { from: timestamp, to: timestamp };
    this.#lasted.to = timestamp;
    for (const person of people.length === 0 ? [undefined] : people) {
      const angles = person ? personAngles(person, this.#facts.display) : [];
      for (const sheet of this.#sheets) await sheet.add(frame, person, angles);
    }
  }

  async finish(): Promise<void> {
    const file = await ZipFile.create(this.#path);
    this.#file = file;
    const { cycles } = this.#facts;
    const names = ['summary', ...this.#sheets.map(({ name }) => name), ...(cycles === undefined ? [] : ['cycles'])];
    for (const { name: part, text, how } of workbookParts(names, `bodyscript ${PACKAGE.version}`)) {
      await file.add(part, [Buffer.from(text)], how);
    }
    await file.add(sheetPath(0), [Buffer.from(this.#summary())]);
    for (const [index, sheet] of this.#sheets.entries()) await file.add(sheetPath(index + 1), sheet.contents());
    if (cycles !== undefined) await file.add(sheetPath(names.indexOf('cycles')), csvSheet(cycles));
    await file.close();
    await this.#removeSheets();
  }

  async publish(): Promise<readonly string[]> {
    await this.#file?.publish();
    return [this.#path];
  }

  async abandon(): Promise<void> {
    await settleAll([this.#removeSheets(), this.#file?.remove()]);
  }

  get #path(): string {
    return `${this.#facts.stem}.xlsx`;
  }

  #summary(): string {
    const facts = {
      stem: this.#facts.stem,
      minConfidence: this.#facts.minConfidence ?? USUAL_CONFIDENCE,
      seconds: this.#lasted ? this.#lasted.to - this.#lasted.from : 0,
      notes: this.warnings,
    };
    const rows: readonly (readonly XlsxCell[])[] = summaryRows(this.#sums.result(), facts);
    return `${sheetStart(WIDTHS.summary)}${rows.map((row, i) => sheetRow(i + 1, row, i === 0)).join('')}${SHEET_END}`;
  }

  async #removeSheets(): Promise<void> {
    await settleAll(this.#sheets.map(sheet => sheet.remove()));
  }
}
