/** Counts of files that a search skipped. */
export interface PassedOver {
  /** Files that are not videos, by name or, if that is not conclusive, by their content. */
  notVideo: number;
  /** The pattern of the first numbered picture among them. */
  numbered?: string | undefined;
  /** Files with the extension of a video, and text content: TypeScript, mostly. */
  text: number;
  /** Small copies that cameras record beside a video. */
  proxies: number;
  hidden: number;
  /** Symbolic links, without `--follow`. */
  links: number;
  excluded: number;
  /** Files that this program made in earlier runs. */
  outputs: number;
  /** Unreadable folders, with the reason; the first hundred. */
  readonly unreadable: string[];
}

export function nothingPassedOver(): PassedOver {
  return { notVideo: 0, text: 0, proxies: 0, hidden: 0, links: 0, excluded: 0, outputs: 0, unreadable: [] };
}

/** The skipped files: count and type, with the option that includes them; empty if nothing was skipped. */
export function passedOverParts(passed: PassedOver): string[] {
  const { notVideo, text, proxies, hidden, links, excluded, outputs } = passed;
  const parts: readonly (readonly [count: number, one: string, many: string, remedy: string])[] = [
    [notVideo, 'non-video file', 'non-video files', ' (--include)'],
    [text, 'text file with a video extension', 'text files with a video extension', ' (--include)'],
    [proxies, 'low-resolution camera copy', 'low-resolution camera copies', ' (--include)'],
    [hidden, 'hidden file or folder', 'hidden files or folders', ' (--hidden)'],
    [links, 'symbolic link', 'symbolic links', ' (--follow)'],
    [excluded, 'excluded by --exclude', 'excluded by --exclude', ''],
    [outputs, 'output of an earlier run', 'outputs of earlier runs', ' (give one by itself to analyse it)'],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, one, many, remedy]) => `${count} ${count === 1 ? one : many}${remedy}`);
}
