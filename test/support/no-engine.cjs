/** Loaded into the program by a test: an engine runs in a thread, and none can be started. */
const { syncBuiltinESMExports } = require('node:module');
const threads = require('node:worker_threads');

threads.Worker = class {
  constructor() {
    throw new Error('an engine was opened');
  }
};
syncBuiltinESMExports();
