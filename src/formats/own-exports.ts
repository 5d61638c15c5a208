import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readEnd, readStart } from '../system/own-file.js';
import { isOpenPoseName } from './person-file.js';

/** The first parameter of this program's C3D files. */
const C3D_MAKER = /MANUFACTURER.{3,5}SOFTWARE.{1,12}bodyscript/s;
/** The first attribute of its netCDF files. */
const NETCDF_MAKER = /^CDF.*source_software.{8,12}bodyscript/s;
/** The content of its workbooks' second file, uncompressed. */
const XLSX_MAKER = /^PK.*docProps\/app\.xml.*<Application>bodyscript /s;
/** The first words of each format follow these. */
const MARK_WITHIN_BYTES = 1024;
/** Identifies a folder for OpenSim as made by this program. */
export const IK_README_TITLE = '# Markers, scaling and inverse kinematics for OpenSim\n';
const MOT_HEAD = /^[^\n]*\nversion=1\nnRows=\d+\nnColumns=\d+\ninDegrees=yes\n/;
/** The library that writes Parquet here puts its name at the end of a file. */
const PARQUET_MAKER = 'hyparquet';

/** Whether an export of this program made a file, or a folder without a slash, that has a name of a stem's exports. */
export async function isOwnExport(path: string, stem: string): Promise<boolean> {
  if (path.endsWith('.opensim')) return holdsIk(path);
  if (path.endsWith('.openpose')) return holdsOnlyOwn(path, basename(stem));
  if (path.endsWith('.parquet')) return (await readEnd(path, MARK_WITHIN_BYTES)).includes(PARQUET_MAKER);
  const start = await readStart(path, MARK_WITHIN_BYTES);
  if (path.endsWith('.trc')) return start.startsWith('PathFileType\t4\t(X/Y/Z)\t');
  if (path.endsWith('.mot')) return MOT_HEAD.test(start);
  if (path.endsWith('.c3d')) return C3D_MAKER.test(start);
  if (path.endsWith('.movement.nc')) return NETCDF_MAKER.test(start);
  if (path.endsWith('.xlsx')) return XLSX_MAKER.test(start);
  const description = JSON.stringify(basename(stem));
  return path.endsWith('.coco.json') && start.startsWith(`{"info":{"description":${description}},"licenses":[],`);
}

/** OpenSim's own results are there as well, and stay. */
async function holdsIk(folder: string): Promise<boolean> {
  return (await readStart(join(folder, 'README.md'), MARK_WITHIN_BYTES)).startsWith(IK_README_TITLE);
}

async function holdsOnlyOwn(folder: string, name: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => undefined);
  return names?.every(file => isOpenPoseName(file, name)) ?? false;
}
