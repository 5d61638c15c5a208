import { statSync } from 'node:fs';
import { UsageError } from '../errors.js';
import { isBucketAddress, parseAddress } from '../storage/address.js';

/** @throws UsageError for a place that holds nothing: everything would be outside */
export function checkWithin(within: readonly string[]): void {
  for (const place of within) {
    if (isBucketAddress(place)) parseAddress(place);
    else if (!statSync(place, { throwIfNoEntry: false })?.isDirectory())
      throw new UsageError(
        `--within ${place}: no such folder on this machine`,
        'Check the spelling, or mount the share.',
      );
  }
}
