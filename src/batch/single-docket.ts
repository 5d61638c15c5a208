import { fittingName } from '../system/fitting-name.js';
import type { Docket, DocketOutcome, DocketVideo, Step } from './docket.js';

/**
 * One video without a ledger: its results are not files that could be resumed, or the ledger's library is not
 * installed.
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
