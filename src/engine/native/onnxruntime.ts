import type * as Onnxruntime from 'onnxruntime-node';
import { BodyscriptError, shortMessage } from '../../errors.js';

export type Runtime = typeof Onnxruntime;

/**
 * onnxruntime, if it is installed.
 * @throws BodyscriptError `ENGINE_MISSING`
 */
export async function loadOnnxruntime(): Promise<Runtime> {
  // From 1.29 on, onnxruntime reports its use to Microsoft unless this is switched off. The pinned version cannot;
  // another installed version must not.
  process.env.ORT_DISABLE_TELEMETRY = '1';
  try {
    // A CommonJS package: its exports are its default export.
    const module = (await import('onnxruntime-node')) as Runtime & { default?: Runtime };
    const runtime = module.default ?? module;
    // Failures are thrown; stderr is for people.
    runtime.env.logLevel = 'fatal';
    return runtime;
  } catch (cause) {
    throw new BodyscriptError('ENGINE_MISSING', `the native engine needs onnxruntime-node (${shortMessage(cause)})`, {
      cause,
      remedy: 'Install it (npm install onnxruntime-node@1.27.0), or use --engine mediapipe.',
    });
  }
}
