import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Files beside the project that are not shipped with it: beside the checkout, or at the path in `BODYSCRIPT_SHARED`.
 */
const SHARED = process.env.BODYSCRIPT_SHARED ?? fileURLToPath(new URL('../../../shared/', import.meta.url));

/** Third-party clips with Google's golden landmarks; the project does not ship them. */
export const REFERENCE_CLIPS = process.env.BODYSCRIPT_REFERENCE_CLIPS ?? join(SHARED, 'clips');

export const HAS_REFERENCE_CLIPS = existsSync(`${REFERENCE_CLIPS}/pose_squats.mp4`);
export const SAMPLES = fileURLToPath(new URL('../../samples/', import.meta.url));

/** Webcams and labelled pictures of real people. */
export const REAL_FOOTAGE = join(SHARED, 'real');
export const HAS_REAL_FOOTAGE = existsSync(join(REAL_FOOTAGE, 'webcams'));
/** Pose2Sim's OpenSim model and marker set; the project does not ship them. */
export const OPENSIM_MODEL = join(SHARED, 'opensim');
export const HAS_OPENSIM_MODEL = existsSync(join(OPENSIM_MODEL, 'Model_Pose2Sim_simple.osim'));
/** The script that makes typical user inputs. */
export const CASES_SCRIPT = join(SHARED, 'cases', 'make-cases.sh');
export const HAS_CASES = existsSync(CASES_SCRIPT);
