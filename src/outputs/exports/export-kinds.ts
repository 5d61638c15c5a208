import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ExportFacts } from '../../formats/export-facts.js';
import type { ExportFormat } from '../../formats/export-formats.js';
import { personStem } from '../../formats/person-file.js';
import type { Output, OutputKind } from '../output.js';

type Open = (facts: ExportFacts) => Promise<Output<'table'>> | Output<'table'>;

/** @param loader the code that writes the format, loaded on demand */
function exportKind(
  format: ExportFormat,
  names: (stem: string) => readonly string[],
  loader: () => Promise<Open>,
): OutputKind<'table'> {
  return {
    name: format,
    needs: 'table',
    phase: 'reads',
    resumes: false,
    decidedBy: ['personHeight'],
    stage: 'export',
    files: (stem, { exports }) =>
      exports.includes(format) ? names(stem).map(path => ({ path, role: 'whole' as const })) : [],
    rank: ({ exports }) => exports.indexOf(format),
    load: loader,
    open: async ({ stem, display, options: { personHeight }, minConfidence, cycles }) =>
      (await loader())({ stem, display, personHeight, minConfidence, cycles }),
  };
}

/**
 * A format with one file for each person: `walk.trc`, or `walk.person-0.trc` if there are several. The people of a
 * table are known only at its end.
 */
function personKind(format: 'trc' | 'mot' | 'c3d', loader: () => Promise<Open>): OutputKind<'table'> {
  const names = (stem: string) => [`${stem}.${format}`, `${personStem(stem, 0)}.${format}`];
  return { ...exportKind(format, names, loader), existing: stem => filesOfPeople(stem, format) };
}

async function filesOfPeople(stem: string, format: string): Promise<string[]> {
  const begin = `${basename(stem)}.person-`;
  const names = await readdir(dirname(stem)).catch(() => []);
  return names
    .filter(name => name.startsWith(begin) && name.endsWith(`.${format}`))
    .filter(name => /^\d+$/.test(name.slice(begin.length, -1 - format.length)))
    .map(name => join(dirname(stem), name));
}

export const TRC = personKind('trc', async () => {
  const [{ OpenSimFile }, { scaledTrc, worldTrc }] = await Promise.all([
    import('./opensim-file.js'),
    import('./trc.js'),
  ]);
  return facts =>
    new OpenSimFile(
      facts.stem,
      facts.personHeight === undefined ? worldTrc(facts) : scaledTrc(facts.personHeight, facts),
    );
});

export const MOT = personKind('mot', async () => {
  const [{ OpenSimFile }, { mot }] = await Promise.all([import('./opensim-file.js'), import('./mot.js')]);
  return facts => new OpenSimFile(facts.stem, mot(facts));
});

export const OPENSIM = exportKind(
  'opensim',
  stem => [`${stem}.opensim/`],
  async () => {
    const { OpenSimFolder } = await import('./ik/opensim-folder.js');
    return facts => OpenSimFolder.create(facts);
  },
);

export const C3D = personKind('c3d', async () => {
  const { C3dFile } = await import('./c3d.js');
  return facts => new C3dFile(facts);
});

export const OPENPOSE = exportKind(
  'openpose',
  stem => [`${stem}.openpose/`],
  async () => {
    const { OpenPoseFolder } = await import('./openpose.js');
    return facts => OpenPoseFolder.create(facts);
  },
);

export const COCO = exportKind(
  'coco',
  stem => [`${stem}.coco.json`],
  async () => {
    const { CocoFile } = await import('./coco.js');
    return facts => CocoFile.create(facts);
  },
);

export const PARQUET = exportKind(
  'parquet',
  stem => [`${stem}.parquet`],
  async () => {
    const { ParquetFile } = await import('./parquet.js');
    return ({ stem }) => ParquetFile.create(`${stem}.parquet`);
  },
);

export const MOVEMENT = exportKind(
  'movement',
  stem => [`${stem}.movement.nc`],
  async () => {
    const { MovementFile } = await import('./movement.js');
    return facts => new MovementFile(facts);
  },
);

export const XLSX = exportKind(
  'xlsx',
  stem => [`${stem}.xlsx`],
  async () => {
    const { XlsxFile } = await import('./xlsx.js');
    return facts => XlsxFile.create(facts);
  },
);
