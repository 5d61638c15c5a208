/** What ffmpeg and ffprobe find in their environment, beside our own. */
const FOR_FFMPEG = {
  /**
   * glibc gives each thread an arena of its own, which it hardly gives back: one is enough for a child with few
   * threads.
   */
  MALLOC_ARENA_MAX: '1',
  /**
   * The static builds in the npm packages crash on MPEG-TS when they load the system's character sets (for names of
   * channels).
   */
  GCONV_PATH: '/nonexistent',
};

export function childEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, ...FOR_FFMPEG };
}
