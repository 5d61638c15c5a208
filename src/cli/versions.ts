import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PACKAGE } from '../system/package-info.js';

/** The packages that affect numbers and files. */
const PACKAGES = [
  '@mediapipe/tasks-vision',
  '@mediapipe/pose',
  'onnxruntime-node',
  '@napi-rs/canvas',
  'libsql',
] as const;

/** Versions of this program and its dependencies; null for packages that are not installed. */
export function versions(): object {
  return {
    name: PACKAGE.name,
    version: PACKAGE.version,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    packages: Object.fromEntries(PACKAGES.map(name => [name, installedVersion(name)])),
  };
}

/** Reads the package's own package.json, which `exports` may hide. */
export function installedVersion(name: string): string | null {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  for (const folder of folders) {
    try {
      const text = readFileSync(join(folder, name, 'package.json'), 'utf8');
      return (JSON.parse(text) as { version: string }).version;
    } catch {
      // Not in this folder: look in the one above.
    }
  }
  return null;
}
