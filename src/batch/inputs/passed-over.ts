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

/** What was passed over, a few words for each kind; empty where nothing was. */
export function passedOverParts(passed: PassedOver): string[] {
  const { notVideo, text, proxies, hidden, links, excluded, outputs } = passed;
  const parts: readonly (readonly [count: number, says: string])[] = [
    [notVideo, 'that are no videos (--include)'],
    [text, 'with the extension of a video and text inside (--include)'],
    [proxies, "cameras' small copies of videos beside them (--include)"],
    [hidden, 'hidden (--hidden)'],
    [links, 'links (--follow)'],
    [excluded, 'excluded'],
    [outputs, 'outputs of earlier runs (name one by itself to analyse it)'],
  ];
  return parts.filter(([count]) => count > 0).map(([count, says]) => `${count} ${says}`);
}
