import { existsSync } from 'node:fs';
import type { Staging } from '../batch/staging.js';
import { UsageError } from '../errors.js';
import type { AnalyzeValues } from '../options/analyze-options.js';
import { isBucketAddress, parseAddress, refuseMistyped } from '../storage/address.js';
import { isAddress, withoutSecrets } from '../text/url.js';

/** Where a command works for buckets; nothing of it exists where no bucket is asked for. */
export interface Workplace extends AsyncDisposable {
  readonly staging: Staging | undefined;
  /** The folder of results: their own, or the one where they wait for their upload. */
  readonly outDir: string;
}

/** Whether videos come from a bucket, as far as the command line says. */
export function usesBucket(paths: readonly string[], { out, fromFile, plan }: AnalyzeValues): boolean {
  return isBucketAddress(out) || paths.some(isBucketAddress) || fromFile !== undefined || plan !== undefined;
}

/**
 * Prepares for buckets among the inputs, and as the place of results.
 * @throws UsageError for an address that cannot be used; BodyscriptError `PACKAGE_MISSING`,
 * `OUTPUT_NOT_WRITABLE`
 */
export async function openWorkplace(
  paths: readonly string[],
  values: AnalyzeValues,
  signal: AbortSignal,
): Promise<Workplace> {
  const { scratch: named, overwrite, plan } = values;
  const out = plan !== undefined && isBucketAddress(plan) ? plan : values.out;
  for (const path of [...paths, out]) if (!existsSync(path)) refuseMistyped(path);
  if (!usesBucket(paths, values)) return { staging: undefined, outDir: out, [Symbol.asyncDispose]: async () => {} };
  for (const address of [...paths, out].filter(isBucketAddress)) parseAddress(address);
  if (isBucketAddress(out)) refuseUrls(paths);
  const { Staging } = await import('../batch/staging.js');
  const staging = new Staging(named);
  try {
    await staging.prepare();
    if (isBucketAddress(out)) await staging.writeTo(out, overwrite, signal);
  } catch (error) {
    await staging[Symbol.asyncDispose]();
    throw error;
  }
  const close = async () => staging[Symbol.asyncDispose]();
  return { staging, outDir: staging.destination?.localDir ?? out, [Symbol.asyncDispose]: close };
}

/** Each of them would leave its failure in the bucket. @throws UsageError */
function refuseUrls(paths: readonly string[]): void {
  const url = paths.find(path => isAddress(path) && !isBucketAddress(path));
  if (url === undefined) return;
  throw new UsageError(`${withoutSecrets(url)}: is a URL, not a file`, 'Download it first, and give the file.');
}
