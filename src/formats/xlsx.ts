import { forXml } from '../text/xml.js';

/**
 * The parts of an Excel workbook (ECMA-376, SpreadsheetML) around its rows. Every cell has a type: text is an inline
 * string, which no program takes for a formula, whatever its first character.
 */
export type XlsxCell = string | number | boolean | undefined;

/** Maximum rows of a sheet in Excel. */
export const MOST_XLSX_ROWS = 1_048_576;
/** Maximum characters of a cell in Excel. */
const MOST_LETTERS = 32_767;
/** Index into the styles below. */
const HEADING = 1;

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE_RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const EXTENDED = 'http://schemas.openxmlformats.org/officeDocument/2006/extended-properties';
const TYPES = 'application/vnd.openxmlformats-officedocument';

/** Everything before a sheet's rows. @param columnWidths in characters; the first row is frozen */
export function sheetStart(columnWidths: readonly number[]): string {
  const columns = columnWidths.map(
    (width, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`,
  );
  const pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>';
  const views = `<sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews>`;
  return `${DECLARATION}<worksheet xmlns="${MAIN}">${views}<cols>${columns.join('')}</cols><sheetData>`;
}

export const SHEET_END = '</sheetData></worksheet>';

/** @param number of the row, 1-based */
export function sheetRow(number: number, cells: readonly XlsxCell[], isHeading = false): string {
  const style = isHeading ? ` s="${HEADING}"` : '';
  const written = cells.map((value, column) => cellOf(`${columnLetters(column)}${number}`, style, value));
  return `<row r="${number}">${written.join('')}</row>`;
}

function cellOf(place: string, style: string, value: XlsxCell): string {
  if (typeof value === 'number') return Number.isFinite(value) ? `<c r="${place}"${style}><v>${value}</v></c>` : '';
  if (typeof value === 'boolean') return `<c r="${place}"${style} t="b"><v>${value ? 1 : 0}</v></c>`;
  if (value === undefined || value === '') return '';
  const text = escaped(value.slice(0, MOST_LETTERS));
  return `<c r="${place}"${style} t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`;
}

const letters: string[] = [];

/** `A` for 0, `AA` for 26. */
function columnLetters(column: number): string {
  const known = letters[column];
  if (known !== undefined) return known;
  const last = String.fromCharCode(65 + (column % 26));
  const all = column < 26 ? last : `${columnLetters(Math.floor(column / 26) - 1)}${last}`;
  letters[column] = all;
  return all;
}

function escaped(text: string): string {
  return forXml(text).replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`);
}

/** Path of a sheet in the workbook's archive. @param index 0-based */
export const sheetPath = (index: number) => `xl/worksheets/sheet${index + 1}.xml`;

interface WorkbookPart {
  readonly name: string;
  readonly text: string;
  /** How it is stored in the archive. */
  readonly how: 'deflated' | 'stored';
}

/**
 * All other files of the archive. The second is stored uncompressed: it names the program.
 * @param names of the sheets, in order
 */
export function workbookParts(names: readonly string[], program: string): readonly WorkbookPart[] {
  const sheets = names.map((name, i) => `<sheet name="${escaped(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`);
  const relations = names.map((_, i) => relation(i + 1, 'worksheet', `worksheets/sheet${i + 1}.xml`));
  const part = (name: string, text: string, how: WorkbookPart['how'] = 'deflated') => ({
    name,
    text: `${DECLARATION}${text}`,
    how,
  });
  return [
    part('[Content_Types].xml', contentTypes(names.length)),
    part(
      'docProps/app.xml',
      `<Properties xmlns="${EXTENDED}"><Application>${escaped(program)}</Application></Properties>`,
      'stored',
    ),
    part(
      '_rels/.rels',
      related(relation(1, 'officeDocument', 'xl/workbook.xml'), relation(2, 'extended-properties', 'docProps/app.xml')),
    ),
    part(
      'xl/workbook.xml',
      `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${sheets.join('')}</sheets></workbook>`,
    ),
    part('xl/_rels/workbook.xml.rels', related(...relations, relation(names.length + 1, 'styles', 'styles.xml'))),
    part('xl/styles.xml', STYLES),
  ];
}

const FONT = '<sz val="11"/><name val="Calibri"/>';
/** Plain, and bold for headings. The first two fills are mandatory. */
const STYLES = [
  `<styleSheet xmlns="${MAIN}"><fonts count="2"><font>${FONT}</font><font><b/>${FONT}</font></fonts>`,
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>',
  '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>',
  '<cellXfs count="2"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/></cellXfs>',
  '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
].join('');

function contentTypes(sheets: number): string {
  const parts = [
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
    '<Default Extension="xml" ContentType="application/xml"/>',
    override('/xl/workbook.xml', `${TYPES}.spreadsheetml.sheet.main+xml`),
    override('/xl/styles.xml', `${TYPES}.spreadsheetml.styles+xml`),
    override('/docProps/app.xml', `${TYPES}.extended-properties+xml`),
    ...Array.from({ length: sheets }, (_, i) => override(`/${sheetPath(i)}`, `${TYPES}.spreadsheetml.worksheet+xml`)),
  ];
  return `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${parts.join('')}</Types>`;
}

const related = (...relations: readonly string[]) =>
  `<Relationships xmlns="${PACKAGE_RELATIONS}">${relations.join('')}</Relationships>`;

const relation = (id: number, type: string, target: string) =>
  `<Relationship Id="rId${id}" Type="${RELATIONS}/${type}" Target="${target}"/>`;

const override = (part: string, type: string) => `<Override PartName="${part}" ContentType="${type}"/>`;
