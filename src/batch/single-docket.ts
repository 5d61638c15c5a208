import { fittingName } from '../system/fitting-name.js';
import type { Docket, DocketOutcome, DocketVideo, Step } from './docket.js';

/**
 * One video of which nothing is noted: its results are no files to come back to, or there is no library for a ledger.
 */
export class SingleDocket implements Docket {
  #video: DocketVideo | undefined;

  /** @param name of its outputs, without suffix */
  constructor(given: string, name: string) {
    this.#video = { position: 1, given, job: { id: 1, name: fittingName(name), outputs: [] } };
  }

  async open(): Promise<number> {
    return 1;
  }

  async next(isStopped: () => boolean): Promise<Step | undefined> {
    const video = isStopped() ? undefined : this.#video;
    this.#video = undefined;
    return video && { what: 'analyse', video, alone: true };
  }

  confirm(): boolean {
    return true;
  }

  isOurs(): boolean {
    return true;
  }

  outcomes(): Iterable<DocketOutcome> {
    return [];
  }

  begin(): void {}
  renew(): void {}
  defer(): void {}
  note(): void {}
  [Symbol.dispose](): void {}
}
