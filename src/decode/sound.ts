import type { VideoInfo } from '../model/frame.js';
import type { VideoSource } from './input.js';
import { addressSpaceFor } from './limits.js';

/** How another program opens a source for its audio. */
export function soundOf({ openOptions, url, descriptor }: VideoSource, { codedWidth, codedHeight }: VideoInfo) {
  return { openOptions, url, descriptor, addressSpace: addressSpaceFor(codedWidth * codedHeight) };
}
