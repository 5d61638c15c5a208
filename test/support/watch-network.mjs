// Preloaded into every thread of a run: logs each attempt to reach the network to the file of BODYSCRIPT_NETWORK_LOG.

import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { isMainThread } from 'node:worker_threads';

const note = what => appendFileSync(process.env.BODYSCRIPT_NETWORK_LOG, `${what}\n`);
note(`watching ${isMainThread ? 'main' : 'worker'}`);

/** Wraps a function to log its calls. */
function watch(object, name, describe = args => String(args[0]?.href ?? args[0]?.hostname ?? args[0])) {
  const original = object[name];
  object[name] = function watched(...args) {
    const what = describe(args);
    if (what !== undefined) note(`ATTEMPT ${name} ${what}`);
    return Reflect.apply(original, this, args);
  };
}

for (const module of [http, https]) for (const name of ['request', 'get']) watch(module, name);
for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6']) watch(dns, name);
// A connection to a path is a local pipe.
watch(net.Socket.prototype, 'connect', args => {
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  return options?.path ? undefined : JSON.stringify(options);
});
watch(globalThis, 'fetch');
syncBuiltinESMExports();
// tasks-vision waits 60 s before it posts: skip that minute.
if (!isMainThread) {
  const { setInterval: every } = globalThis;
  globalThis.setInterval = (work, ms, ...args) => every(work, ms >= 30_000 ? 100 : ms, ...args);
}
