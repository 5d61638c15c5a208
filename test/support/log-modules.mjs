// Preloaded into a run: appends the address of each module that any of its threads and processes loads to the file
// that BODYSCRIPT_TEST_MODULES names.

import { appendFileSync } from 'node:fs';
import Module, { register } from 'node:module';

const file = process.env.BODYSCRIPT_TEST_MODULES;
const hooks = `
  import { appendFileSync } from 'node:fs';
  export async function load(url, context, next) {
    appendFileSync(${JSON.stringify(file)}, url + '\\n');
    return next(url, context);
  }`;

register(`data:text/javascript,${encodeURIComponent(hooks)}`);
// What is required does not pass the hooks of Node 20.
process.on('exit', () => {
  for (const path of Object.keys(Module._cache)) appendFileSync(file, `file://${path}\n`);
});
