import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Third-party clips with Google's golden landmarks; the project does not ship them. */
export const REFERENCE_CLIPS =
  process.env.BODYSCRIPT_REFERENCE_CLIPS ?? fileURLToPath(new URL('../../../shared/clips/', import.meta.url));

export const HAS_REFERENCE_CLIPS = existsSync(`${REFERENCE_CLIPS}/pose_squats.mp4`);
export const SAMPLES = fileURLToPath(new URL('../../samples/', import.meta.url));
