/**
 * A process of its own that makes mapped networks, one after another: what that needs of memory ends with it. Started
 * by `prepare-mapped.ts`, which reads from stdout what went wrong.
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
