/**
 * A separate process that makes mapped networks, one after another: its memory is freed when it ends.
 * `prepare-mapped.ts` starts it, and reads failures from its stdout.
 */
import { shortMessage } from '../../../errors.js';
import { isNetworkName } from '../network-catalogue.js';
import { makeMapped } from './make-mapped.js';

const [key = '', ...names] = process.argv.slice(2);
try {
  for (const name of names.filter(isNetworkName)) await makeMapped(key, name);
} catch (error) {
  process.stdout.write(shortMessage(error));
}
