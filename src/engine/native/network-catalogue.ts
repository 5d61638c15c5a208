import { DETECTOR_FILE, landmarksFile, type ModelName } from '../models/task-bundle.js';
import { PERSON_FINDER, PERSON_FINDER_SHA256 } from './person-finder.js';

/** A network of BlazePose: the path of its TFLite file in the npm package, and its ONNX form. */
export interface BlazePoseNetwork {
  readonly packaged: string;
  /** Indexes of the outputs to keep. */
  readonly outputs: readonly number[];
  /** Of its ONNX form, as converted from @mediapipe/pose 0.5.1675469404: only these exact bytes are loaded. */
  readonly sha256: string;
}

export type BlazePoseName = 'detector' | ModelName;
export type NetworkName = BlazePoseName | typeof PERSON_FINDER;

/** The detector's outputs: boxes and scores. */
export const DETECTOR_OUTPUTS = [0, 1] as const;
/**
 * The landmark network's outputs except the third, the segmentation, whose head is a quarter of the full model's work.
 */
export const LANDMARK_OUTPUTS = [0, 1, 3, 4] as const;

const landmarks = (name: ModelName, sha256: string): BlazePoseNetwork => ({
  packaged: landmarksFile(name),
  outputs: LANDMARK_OUTPUTS,
  sha256,
});

export const BLAZEPOSE: Readonly<Record<BlazePoseName, BlazePoseNetwork>> = {
  detector: {
    packaged: DETECTOR_FILE,
    outputs: DETECTOR_OUTPUTS,
    sha256: '4b51ea1dccf767c828d8373d53b588afc39f26171142a492b3d03691498160cd',
  },
  lite: landmarks('lite', '679712cfe30267834d8f782af6d0d9d061665b2d739e8ef1faf3a33c978d56be'),
  full: landmarks('full', '33ab8dc8b81177c9f95acb1d1f9399c77c0e6edc7dd5dd6edcb5fe9fd2d10449'),
  heavy: landmarks('heavy', 'b03c39ebdaa8e7a8f7214ed420388ff9d8f34e78a94a1b2c81fb5d8187f61e14'),
};

/** SHA-256 of a network's portable ONNX form. */
export function sourceHash(name: NetworkName): string {
  return name === PERSON_FINDER ? PERSON_FINDER_SHA256 : BLAZEPOSE[name].sha256;
}

export function isNetworkName(name: string): name is NetworkName {
  return name === PERSON_FINDER || Object.hasOwn(BLAZEPOSE, name);
}
