/**
 * Names of devices, in each folder, whatever extension follows
 * (https://learn.microsoft.com/windows/win32/fileio/naming-a-file).
 */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])$/i;
const DRIVE = /^[A-Za-z]:/;
/** A colon would write into a hidden stream of another file. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: Windows forbids them
const FORBIDDEN = /[<>:"|?*\u0000-\u001f]/;

/**
 * Why Windows has no file of this path, or quite another one than its name says.
 * @param path with slashes or backslashes; it may begin with a drive
 * @returns the end of a sentence that begins with the path; undefined where the path is good
 */
export function windowsNameFault(path: string): string | undefined {
  for (const part of path.replace(DRIVE, '').split(/[/\\]/)) {
    const [stem = ''] = part.split('.');
    if (DEVICE.test(stem.trimEnd())) return `"${part}" is a device on Windows, not a file`;
    const [character] = FORBIDDEN.exec(part) ?? [];
    if (character !== undefined) return `Windows permits no ${JSON.stringify(character)} in a file name`;
    if (/[. ]$/.test(part) && !/^\.\.?$/.test(part))
      return 'Windows drops a full stop or space at the end of a file name';
  }
  return undefined;
}
