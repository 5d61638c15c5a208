import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askPython } from './readers.js';
import { OPENSIM_MODEL } from './reference-clips.js';

/** An OpenSim table, as read by OpenSim itself. */
export interface OpenSimTable {
  readonly labels: readonly string[];
  readonly times: readonly number[];
  /** By row, then by label; for a marker x, y and z. NaN if absent. */
  readonly rows: readonly (readonly (readonly number[])[])[];
  readonly rate: number;
}

/** Prints a TRC file, or one of numbers, as read by OpenSim. JSON has no NaN: it is null. */
const READ = `
import json, math, sys, opensim
opensim.Logger.removeFileSink()
opensim.Logger.setLevelString('off')
path = sys.argv[1]
marks = path.endswith('.trc')
table = opensim.TimeSeriesTableVec3(path) if marks else opensim.TimeSeriesTable(path)
labels = list(table.getColumnLabels())
number = lambda value: value if math.isfinite(value) else None
cell = lambda value: [number(value[axis]) for axis in range(3)] if marks else [number(value)]
rows = [[cell(row[i]) for i in range(len(labels))] for row in (table.getRowAtIndex(n) for n in range(table.getNumRows()))]
rate = float(table.getTableMetaDataAsString('DataRate')) if marks else 0
print(json.dumps({'labels': labels, 'times': list(table.getIndependentColumn()), 'rows': rows, 'rate': rate}))`;

/** @param python with `opensim` @throws if OpenSim rejects the file */
export async function readByOpenSim(python: string, path: string): Promise<OpenSimTable> {
  const table = (await askPython(python, READ, [path])) as OpenSimTable;
  const rows = table.rows.map(row => row.map(cell => cell.map(value => value ?? Number.NaN)));
  return { ...table, rows };
}

/** Prints the number of rows that OpenSim reads from each file; null if it rejects it. */
const COUNT_ROWS = `
import json, sys, opensim
opensim.Logger.removeFileSink()
opensim.Logger.setLevelString('off')
def rows(path):
    kind = opensim.TimeSeriesTableVec3 if path.endswith('.trc') else opensim.TimeSeriesTable
    try:
        return kind(path).getNumRows()
    except RuntimeError:
        return None
print(json.dumps([rows(path) for path in sys.argv[1:]]))`;

/** Rows of TRC and MOT files; null for a file that OpenSim rejects. */
export async function rowsByOpenSim(python: string, paths: readonly string[]): Promise<(number | null)[]> {
  return (await askPython(python, COUNT_ROWS, paths)) as (number | null)[];
}

/** OpenSim's results from scaling the model and solving inverse kinematics. */
export interface IkResult {
  readonly times: readonly number[];
  /** Degrees, and metres of the pelvis, by coordinate. */
  readonly coordinates: Readonly<Record<string, readonly number[]>>;
  /** Metres, by frame: root mean square distance between the model's markers and ours. */
  readonly rms: readonly number[];
}

/** Runs a person's set-ups in their folder, as the README there instructs. */
const RUN_IK = `
import json, os, sys, opensim
opensim.Logger.removeFileSink()
opensim.Logger.setLevelString('off')
folder, name = sys.argv[1:]
os.chdir(folder)
out = os.dup(1)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
opensim.ScaleTool(name + '.scale.xml').run()
opensim.InverseKinematicsTool(name + '.ik.xml').run()
def columns(table):
    return {label: [table.getDependentColumn(label)[i] for i in range(table.getNumRows())] for label in table.getColumnLabels()}
motion = opensim.TimeSeriesTable(name + '.mot')
errors = columns(opensim.TimeSeriesTable(name + '_ik_marker_errors.sto'))
result = {'times': list(motion.getIndependentColumn()), 'coordinates': columns(motion), 'rms': errors['marker_error_RMS']}
os.write(out, json.dumps(result).encode())`;

/** @param folder written by `bodyscript export --format opensim` @throws if OpenSim fails */
export async function runIk(python: string, folder: string, name: string): Promise<IkResult> {
  for (const file of ['Model_Pose2Sim_simple.osim', 'Markers_BlazePose.xml']) {
    await copyFile(join(OPENSIM_MODEL, file), join(folder, file));
  }
  return (await askPython(python, RUN_IK, [folder, name])) as IkResult;
}

/**
 * Poses the model with a motion file, and prints the resulting positions of its joints: `{ [body]: [x, y, z][] }`, by
 * row.
 */
const POSE_MODEL = `
import json, os, sys, opensim
opensim.Logger.removeFileSink()
opensim.Logger.setLevelString('off')
model = opensim.Model(sys.argv[1])
state = model.initSystem()
table = opensim.TimeSeriesTable(sys.argv[2])
assert table.getTableMetaDataAsString('inDegrees') == 'yes'
model.getSimbodyEngine().convertDegreesToRadians(table)
labels = list(table.getColumnLabels())
bodies = [model.getBodySet().get(i).getName() for i in range(model.getBodySet().getSize())]
places = {body: [] for body in bodies}
for n in range(table.getNumRows()):
    row = table.getRowAtIndex(n)
    for i, label in enumerate(labels):
        model.updCoordinateSet().get(label).setValue(state, row[i], False)
    model.realizePosition(state)
    for body in bodies:
        at = model.getBodySet().get(body).getPositionInGround(state)
        places[body].append([at[0], at[1], at[2]])
print(json.dumps(places))`;

/** Makes inverse dynamics of the model read a motion file, and prints the number of rows with moments. */
const MOMENTS = `
import os, sys, opensim
opensim.Logger.removeFileSink()
opensim.Logger.setLevelString('off')
model, mot, last = sys.argv[1:]
tool = opensim.InverseDynamicsTool()
tool.setModelFileName(model)
tool.setCoordinatesFileName(mot)
tool.setStartTime(0)
tool.setEndTime(float(last))
tool.setResultsDir(os.path.dirname(mot))
tool.setOutputGenForceFileName('moments.sto')
out = os.dup(1)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
assert tool.run()
rows = opensim.TimeSeriesTable(os.path.join(os.path.dirname(mot), 'moments.sto')).getNumRows()
os.write(out, str(rows).encode())`;

/** Rows of moments that OpenSim computes from a motion file with its model. @param last seconds */
export async function momentsOf(python: string, mot: string, last: number): Promise<number> {
  const model = join(OPENSIM_MODEL, 'Model_Pose2Sim_simple.osim');
  return (await askPython(python, MOMENTS, [model, mot, String(last)])) as number;
}

/** @throws if OpenSim rejects the file, or the model lacks one of its coordinates */
export async function poseModel(python: string, mot: string): Promise<Readonly<Record<string, number[][]>>> {
  const model = join(OPENSIM_MODEL, 'Model_Pose2Sim_simple.osim');
  return (await askPython(python, POSE_MODEL, [model, mot])) as Readonly<Record<string, number[][]>>;
}
