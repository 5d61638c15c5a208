/** Environment of ffmpeg and ffprobe, in addition to this process's own. */
const FOR_FFMPEG = {
  /** glibc gives each thread its own arena, and returns little of it: one is enough for a child with few threads. */
  MALLOC_ARENA_MAX: '1',
  /**
   * The static builds in the npm packages crash on MPEG-TS when they load the system's character sets (for channel
   * names).
   */
  GCONV_PATH: '/nonexistent',
};

export function childEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, ...FOR_FFMPEG };
}
