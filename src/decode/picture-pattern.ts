import { basename } from 'node:path';

const NUMBERED = /^(.*?)(\d+)(\.(?:png|jpe?g|bmp|tiff?|webp|p[gp]m|dpx|exr|tga|jp2))$/i;

/**
 * The pattern that joins a numbered picture and its siblings into one video: `walk/f_%04d.png`; undefined for any other
 * name.
 */
export function patternOf(path: string): string | undefined {
  const [, before, digits = '', after] = NUMBERED.exec(basename(path)) ?? [];
  if (before === undefined || before.includes('%')) return undefined;
  const number = digits.startsWith('0') && digits.length > 1 ? `%0${digits.length}d` : '%d';
  return `${path.slice(0, -basename(path).length)}${before}${number}${after}`;
}
