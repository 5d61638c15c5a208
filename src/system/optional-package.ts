import { BodyscriptError } from '../errors.js';

/** Node's codes for a package that is not installed. */
const NOT_FOUND = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'];

/**
 * Loads packages that are installed by choice.
 * @param user what needs them, as a message begins: "a queue", "s3://"
 * @param packages their names, for the remedy
 * @throws BodyscriptError `PACKAGE_MISSING`; any other error of loading as it is
 */
export async function loadOptional<T>(user: string, packages: readonly string[], load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if (!NOT_FOUND.includes(String((cause as NodeJS.ErrnoException).code))) throw cause;
    throw new BodyscriptError('PACKAGE_MISSING', `${user} needs packages that are not installed`, {
      cause,
      remedy: `Install them beside bodyscript: npm install ${packages.join(' ')} (with -g, if bodyscript is installed so).`,
    });
  }
}
