import { spawn } from 'node:child_process';
import { watchTree } from './test/bench/memory/tree-peaks.js';
const [env, node, ...args] = process.argv.slice(2);
const extra = Object.fromEntries((env ?? '').split(' ').filter(Boolean).map(x => x.split('=')));
const child = spawn(process.execPath, [...(node ?? '').split(' ').filter(Boolean), 'bin/bodyscript.js', ...args], { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...extra } });
const done = new Promise(r => child.on('close', r));
let at = '';
const peaks = await watchTree(process.pid, done, m => { at = m.map(x => `${x.role} ${(x.held.fixed / 2 ** 20) | 0}`).join(', '); });
console.log(Object.entries(peaks).map(([k, v]) => `${k} ${(v / 2 ** 20) | 0}`).join(', '), '|', at, '|', env, node);
