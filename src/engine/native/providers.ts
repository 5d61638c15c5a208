import { BodyscriptError, shortMessage } from '../../errors.js';
import type { Provider } from '../pose-engine.js';

export type UsedProvider = Exclude<Provider, 'auto'>;

/** The accelerators that a system may have. */
const ACCELERATORS: Readonly<Partial<Record<NodeJS.Platform, UsedProvider>>> = { darwin: 'coreml', linux: 'cuda' };

/** The providers to try, in order. */
export function providersToTry(choice: Provider, platform: NodeJS.Platform): readonly UsedProvider[] {
  if (choice !== 'auto') return [choice];
  const accelerator = ACCELERATORS[platform];
  return accelerator ? [accelerator, 'cpu'] : ['cpu'];
}

const REMEDIES: Readonly<Record<UsedProvider, string>> = {
  cpu: 'Use --engine mediapipe.',
  cuda: 'It needs Linux, an NVIDIA card with CUDA 12 and cuDNN 9, and the CUDA library of onnxruntime-node (node node_modules/onnxruntime-node/script/install). Use --provider cpu.',
  coreml: 'It needs macOS. Use --provider cpu.',
};

/** Why a requested accelerator cannot be used. */
export function providerMissing(provider: UsedProvider, cause: unknown): BodyscriptError {
  return new BodyscriptError(
    'PROVIDER_MISSING',
    `--provider ${provider} cannot be used here (${shortMessage(cause)})`,
    {
      cause,
      remedy: REMEDIES[provider],
    },
  );
}
