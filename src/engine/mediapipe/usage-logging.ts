/**
 * tasks-vision 1.1.0 keeps a usage logger in each task's field `o`: it posts records to a Google host every 60 s and on
 * `close()`. People analyse videos of patients with this tool, so the field is made read-only and empty: the task,
 * which always reads it as `o?.`, then records nothing and has nothing to send. The logger itself is closed right after
 * its creation, while it is empty, to stop its timer.
 */
const LOGGER_FIELD = 'o';

interface UsageLogger {
  close(): void;
}

function isUsageLogger(value: unknown): value is UsageLogger {
  return typeof value === 'object' && value !== null && typeof (value as UsageLogger).close === 'function';
}

/**
 * Switches usage logging off for a class of tasks.
 * @param taskClass a task of tasks-vision, such as `PoseLandmarker`
 * @returns how many loggers were stopped so far; if a new task does not raise the count, its logger is of an unknown
 * kind
 */
export function stopUsageLogging(taskClass: { prototype: object }): () => number {
  let stopped = 0;
  Object.defineProperty(taskClass.prototype, LOGGER_FIELD, {
    configurable: true,
    get: () => undefined,
    set: (logger: unknown) => {
      if (!isUsageLogger(logger)) return;
      logger.close();
      stopped++;
    },
  });
  return () => stopped;
}
