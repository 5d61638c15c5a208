/** An address where a path was meant. */
const ADDRESS = /^[a-z][a-z0-9+.-]{1,20}:\/\//i;

/**
 * Addresses in a text. A path that went through `path.join` or `path.resolve` has one slash left; only well-known
 * schemes are looked for in that form, since a folder may be called `notes:`.
 */
const ADDRESSES =
  /(?:\b[a-z][a-z0-9+.-]{1,20}:\/\/|\b(?:https?|ftps?|sftp|s3|gs|az|abfss?|wasbs?|rtsps?|rtmps?|file):\/)[^\s"<>]*/gi;

/** Whether this is an address, as `https://host/walk.mp4`, and no path. */
export function isAddress(path: string): boolean {
  return ADDRESS.test(path);
}

/**
 * The text, with each address in it cut down to scheme, host and path: a user's name, a password, a query or a fragment
 * can be what gives access (presigned URLs have their signature there).
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
