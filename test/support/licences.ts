import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { init, type ModuleInfos } from 'license-checker-rseidelsohn';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const NOTICE_FILE = `${ROOT}NOTICE`;

/** `npm run notice` writes the text between these lines of NOTICE. */
const START = '--- packages: written by "npm run notice" from package-lock.json and the packages themselves ---';
const END = '--- end of packages ---';

/**
 * Builds of one package for one system each: npm installs the matching one, so that only the lock file lists all of
 * them.
 */
const PLATFORM_BUILD =
  /^@(?:libsql|napi-rs|ffmpeg-installer|ffprobe-installer)\/(?:canvas-)?(?:android|darwin|linux|win32)/;
/**
 * FFmpeg for one system, run as a separate program. Whatever their packages say, all are built with x264, and therefore
 * under the GPL.
 */
const FFMPEG_BUILD = /^@(?:ffmpeg|ffprobe)-installer\/(?:darwin|linux|win32)/;

/** Licences that a package of ours may have. */
const ALLOWED = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'OFL-1.1', 'Unlicense', 'CC0-1.0'];
/** Packages with other licences, and why they are allowed. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  // They locate the programs; section 3 of the LGPL allows using it as the GPL, whose text NOTICE has.
  '@ffmpeg-installer/ffmpeg': 'LGPL-2.1',
  '@ffprobe-installer/ffprobe': 'LGPL-2.1',
};

/** For packages whose licence file names no holder. */
const HOLDERS: Readonly<Record<string, string>> = {
  '1eurofilter': 'Copyright Géry Casiez and Alix Goguey',
  '@bufbuild/protobuf': 'Copyright Buf Technologies, Inc.; Copyright Google Inc.',
  '@fontsource/roboto-mono':
    'Copyright 2015 The Roboto Mono Project Authors (https://github.com/googlefonts/robotomono)',
  '@mediapipe/pose': 'Copyright The MediaPipe Authors',
  '@mediapipe/tasks-vision': 'Copyright The MediaPipe Authors',
  cssomnom: 'Copyright Google LLC',
  flatbuffers: 'Copyright Google Inc.',
  'onnxruntime-common': 'Copyright (c) Microsoft Corporation',
  'onnxruntime-node': 'Copyright (c) Microsoft Corporation',
  'robust-predicates': 'by Vladimir Agafonkin, in the public domain',
};

/** A package in a user's installation. */
export interface ProductionPackage {
  readonly name: string;
  readonly licence: string;
  readonly copyright: string;
}

/** The packages that `npm install bodyscript` installs on any system, by name. */
export async function productionPackages(): Promise<ProductionPackage[]> {
  const lock = lockedLicences();
  const installed = await installedPackages();
  return [...lock.keys()].sort().map(name => {
    if (FFMPEG_BUILD.test(name)) return { name, licence: 'GPL-3.0-or-later', copyright: 'see "FFmpeg" above' };
    const family = name.split('/')[0] === '@napi-rs' ? '@napi-rs/canvas' : 'libsql';
    if (PLATFORM_BUILD.test(name)) return { name, licence: lock.get(name) ?? 'UNKNOWN', copyright: `as ${family}` };
    const found = installed.get(name);
    if (!found) throw new Error(`${name} is in package-lock.json and not installed: run npm ci`);
    return { name, licence: found.licence, copyright: HOLDERS[name] ?? found.copyright };
  });
}

/** What a package's licence forbids or leaves open, or undefined. */
export function problemOf({ name, licence, copyright }: ProductionPackage): string | undefined {
  if (copyright === '') return `${name}: nobody is named who holds the copyright; add it to HOLDERS`;
  if (FFMPEG_BUILD.test(name) || EXCEPTIONS[name] === licence) return undefined;
  const terms = licence.split(/\s+(?:AND|OR)\s+|[()]/).filter(term => term !== '');
  const other = terms.filter(term => !ALLOWED.includes(term));
  return terms.length > 0 && other.length === 0
    ? undefined
    : `${name}: licence ${licence} is not one of ${ALLOWED.join(', ')}`;
}

/** The generated part of NOTICE. */
export function noticeLines(packages: readonly ProductionPackage[]): string[] {
  return packages.map(({ name, licence, copyright }) => `- ${name}: ${licence}; ${copyright}`);
}

/** The lines between the markers. @throws Error if the markers are gone */
export function listedIn(notice: string): string[] {
  const [from, to] = [notice.indexOf(START), notice.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`NOTICE has no lines "${START}" and "${END}"`);
  return notice
    .slice(from + START.length, to)
    .trim()
    .split('\n');
}

/** NOTICE with other lines between the markers. */
export function withLines(notice: string, lines: readonly string[]): string {
  return notice.replace(listedIn(notice).join('\n'), () => lines.join('\n'));
}

/** Names and licences of the lock file's packages, except those for development. */
function lockedLicences(): Map<string, string | undefined> {
  const { packages } = JSON.parse(readFileSync(`${ROOT}package-lock.json`, 'utf8')) as {
    packages: Record<string, { dev?: boolean; license?: string }>;
  };
  const entries = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev);
  return new Map(entries.map(([path, { license }]) => [path.replace(/^.*node_modules\//, ''), license]));
}

/** By name, several versions together. */
async function installedPackages(): Promise<Map<string, { licence: string; copyright: string }>> {
  const customFormat = { name: '', licenses: '', copyright: '', publisher: '' };
  const infos = (await promisify(init)({ start: ROOT, production: true, customFormat } as never)) as ModuleInfos;
  const found = new Map<string, { licence: string; copyright: string }>();
  for (const [id, info] of Object.entries(infos)) {
    const name = id.slice(0, id.lastIndexOf('@'));
    const copyright = shortened(info.copyright ?? '') || (info.publisher ? `Copyright ${info.publisher}` : '');
    const before = found.get(name)?.copyright;
    const both = before === undefined || before === copyright ? copyright : `${before}; ${copyright}`;
    found.set(name, { licence: [info.licenses].flat().join(' AND '), copyright: both });
  }
  return found;
}

/** Only the copyright notice from the library's result. */
function shortened(copyright: string): string {
  return copyright
    .replace(/\.?\s*Permission is hereby.*$/s, '')
    .replace(/\.?,? All rights reserved\.*/gi, '')
    .replace(/\*$/, '')
    .replace(/\s+/g, ' ')
    .replace(/\.+(?= |$)/g, match => (match.length > 1 ? '.' : match))
    .trim();
}
