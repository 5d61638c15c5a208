/** What a search went past, counted. */
export interface PassedOver {
  /** Files that are no videos, by their name or, where that says nothing, by what they hold. */
  notVideo: number;
  /** The pattern of the first of them that is a numbered picture. */
  numbered?: string | undefined;
  /** Files with the extension of a video, and text inside: TypeScript, mostly. */
  text: number;
  /** Small copies that cameras record beside a video. */
  proxies: number;
  hidden: number;
  /** Symbolic links, without `--follow`. */
  links: number;
  excluded: number;
  /** Files that this program made, in earlier runs. */
  outputs: number;
  /** Folders that could not be read, with the reason; the first hundred. */
  readonly unreadable: string[];
}

export function nothingPassedOver(): PassedOver {
  return { notVideo: 0, text: 0, proxies: 0, hidden: 0, links: 0, excluded: 0, outputs: 0, unreadable: [] };
}

/** What was passed over, a few words for each kind, with what would take it in; empty where nothing was. */
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
