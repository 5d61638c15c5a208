/** An address where a path was expected. */
const ADDRESS = /^[a-z][a-z0-9+.-]{1,20}:\/\//i;

/**
 * Addresses in a text. A path that went through `path.join` or `path.resolve` has one slash left; that form is
 * recognised only for well-known schemes, since a folder may be called `notes:`.
 */
const ADDRESSES =
  /(?:\b[a-z][a-z0-9+.-]{1,20}:\/\/|\b(?:https?|ftps?|sftp|s3|gs|az|abfss?|wasbs?|rtsps?|rtmps?|file):\/)[^\s"<>]*/gi;

/** Whether this is an address, such as `https://host/walk.mp4`, and not a path. */
export function isAddress(path: string): boolean {
  return ADDRESS.test(path);
}

/**
 * The text, with each address in it reduced to scheme, host and path: a user name, a password, a query or a fragment
 * may grant access (presigned URLs have their signature there).
 */
export function withoutSecrets(text: string): string {
  return text.includes(':/') ? text.replace(ADDRESSES, bare) : text;
}

function bare(address: string): string {
  const [, scheme = '', rest = ''] = /^([^/]*:\/+)(.*)$/s.exec(address) ?? [];
  const [path = ''] = rest.split(/[?#]/, 1);
  const slash = path.indexOf('/');
  const host = slash < 0 ? path : path.slice(0, slash);
  return `${scheme}${host.slice(host.lastIndexOf('@') + 1)}${slash < 0 ? '' : path.slice(slash)}`;
}
