import { withoutSecrets } from './url.js';

const ACTING = /[\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u206f\ufeff]/g;

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * JSON that a terminal can show as well: the same values, with control characters escaped, and addresses without
 * secrets.
 */
export function spelledJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(
    value,
    (_, part: unknown) => (typeof part === 'string' ? withoutSecrets(part) : part),
    indent,
  );
  return text.replace(ACTING, escaped);
}

/** JSON for a script element: nothing in it ends the element or a line of script. */
export function jsonInScript(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, escaped);
}
