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

/** What was skipped, a few words for each type, with the option that would include it; empty if nothing was skipped. */
export function passedOverParts(passed: PassedOver): string[] {
  const { notVideo, text, proxies, hidden, links, excluded, outputs } = passed;
  const parts: readonly (readonly [kind: string, count: number, remedy: string])[] = [
    ['not videos', notVideo, ' (--include)'],
    ['text files with a video extension', text, ' (--include)'],
    ['low-resolution copies made by cameras', proxies, ' (--include)'],
    ['hidden', hidden, ' (--hidden)'],
    ['symbolic links', links, ' (--follow)'],
    ['excluded', excluded, ''],
    ['outputs of earlier runs', outputs, ' (give one by itself to analyse it)'],
  ];
  return parts.filter(([, count]) => count > 0).map(([kind, count, remedy]) => `${kind}: ${count}${remedy}`);
}
