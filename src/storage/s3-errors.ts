import { BodyscriptError, fromSystemError, shortMessage, systemErrorCode } from '../errors.js';
import { withoutSecrets } from '../text/url.js';
import { ConditionFailed } from './blob-store.js';

/** What the client's errors have in common, whatever their class. */
interface ServiceFailure {
  readonly name?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

const status = (error: unknown) => (error as ServiceFailure)?.$metadata?.httpStatusCode;

/** Whether an object does not exist; a bucket that does not is another matter. */
export function isMissing(error: unknown): boolean {
  return status(error) === 404 && (error as ServiceFailure).name !== 'NoSuchBucket';
}

const TOO_MANY_REQUESTS = 429;
const SERVER_ERRORS = 500;

/** Whether the server has refused a request that it may accept a moment later. */
export function isBusy(error: unknown): boolean {
  const code = status(error) ?? 0;
  return code === TOO_MANY_REQUESTS || code >= SERVER_ERRORS;
}

/** Two writers of one key at a time: S3 asks the slower one to try again. */
const CONFLICT = 409;
const CONDITION_FAILED = 412;

/**
 * A failed request as an error of this program.
 * @param where the object's address
 */
export function s3Error(where: string, error: unknown): Error {
  if (error instanceof BodyscriptError || error instanceof ConditionFailed) return error;
  const { name = '' } = error as ServiceFailure;
  const code = status(error);
  if (code === CONDITION_FAILED || code === CONFLICT) return new ConditionFailed(`${where}: is another object by now`);
  if (name === 'NoSuchBucket') {
    return new BodyscriptError('BUCKET_MISSING', `${bucketOf(where)}: the bucket does not exist`, {
      cause: error,
      remedy: 'Check the name of the bucket, the region (AWS_REGION) and the endpoint (AWS_ENDPOINT_URL_S3).',
    });
  }
  if (isMissing(error)) {
    return new BodyscriptError('INPUT_MISSING', `${where}: no such object`, {
      cause: error,
      remedy: 'Check the spelling: capitals count.',
    });
  }
  return refusal(where, error, code, name) ?? unavailable(where, error);
}

const bucketOf = (where: string) => /^s3:\/\/[^/]+/.exec(where)?.[0] ?? where;

/** An answer without a body, as of HEAD, has no name of its own. */
function reasonOf(name: string): string {
  return name === '' || /^unknown|^\d+$/i.test(name) ? '' : ` (${name})`;
}

/** Errors that credentials and settings cause: each further video would meet them. */
function refusal(where: string, error: unknown, code: number | undefined, name: string): BodyscriptError | undefined {
  const message = saidBy(error);
  if (code === 401 || code === 403) {
    return new BodyscriptError('STORAGE_DENIED', `${where}: access denied${reasonOf(name)}`, {
      cause: error,
      remedy: 'Check the credentials, and that they permit s3:ListBucket, s3:GetObject and s3:PutObject here.',
    });
  }
  if (/credential|token/i.test(name) || /could not load credentials/i.test(message)) {
    return new BodyscriptError('STORAGE_DENIED', `${where}: no usable credentials (${message})`, {
      cause: error,
      remedy: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.',
    });
  }
  if (/region is missing/i.test(message)) {
    return new BodyscriptError('STORAGE_DENIED', `${where}: no region is set`, {
      cause: error,
      remedy: 'Set AWS_REGION, such as AWS_REGION=eu-central-1.',
    });
  }
  return undefined;
}

/** An error's own words: an endpoint in them may contain a password. */
const saidBy = (error: unknown) => withoutSecrets(shortMessage(error, 150));

function unavailable(where: string, error: unknown): BodyscriptError {
  const system = isDiskError(error) ? fromSystemError(error) : undefined;
  if (system) return system;
  const { name = '', $metadata: { httpStatusCode, attempts = 1 } = {} } = error as ServiceFailure;
  const what = httpStatusCode === undefined ? saidBy(error) || name : `${httpStatusCode} ${name}`;
  const tries = attempts > 1 ? ` after ${attempts} attempts` : '';
  return new BodyscriptError('STORAGE_FAILED', `${where}: the storage does not answer as it should${tries} (${what})`, {
    cause: error,
    remedy: 'Check the connection and the endpoint (AWS_ENDPOINT_URL_S3), then run the same command again.',
  });
}

const DISK_ERRORS = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'ENOENT', 'EACCES', 'EROFS', 'EIO']);

/** A failure of a file that is read or written here, and not of the connection. */
function isDiskError(error: unknown): boolean {
  return DISK_ERRORS.has(systemErrorCode(error) ?? '') && (error as NodeJS.ErrnoException).path !== undefined;
}
