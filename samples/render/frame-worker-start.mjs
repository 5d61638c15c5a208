// Node runs a worker's first file directly; this one lets tsx load the TypeScript behind it.
import { tsImport } from 'tsx/esm/api';

await tsImport('./frame-worker.ts', import.meta.url);
