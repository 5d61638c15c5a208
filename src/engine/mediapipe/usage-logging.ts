/**
 * tasks-vision 1.1.0 keeps a usage logger in each task's field `o`: it posts records to a host of Google's every 60 s
 * and on `close()`. People analyse videos of patients with this tool, so the field is made one that cannot be set: the
 * task, which asks `o?.` everywhere, then records nothing, and nothing is there to be sent. The logger itself is closed
 * at birth, while it is empty, to stop its timer.
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
 * @returns how many loggers were stopped so far; a task that was created without stopping one has another logger than
 * we know
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
