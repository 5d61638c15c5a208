import type { FfmpegCommand } from 'fluent-ffmpeg';

/**
 * The arguments with which fluent-ffmpeg would start ffmpeg. It only builds the command line: its way of running
 * processes loses frames of raw pipes and leaves children behind (fluent-ffmpeg #546, #482, #303, #264).
 */
export function commandArguments(command: FfmpegCommand): string[] {
  return (command as unknown as { _getArguments(): unknown[] })._getArguments().map(String);
}
