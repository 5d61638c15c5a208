import type { PictureSize } from '../decode/decode-command.js';
import { UsageError } from '../errors.js';
import type { VideoInfo } from '../model/frame.js';
import type { PersonChoice } from '../tracking/choose-person.js';

type Displayed = Pick<VideoInfo, 'displayWidth' | 'displayHeight'>;

/** @throws UsageError if `--person` names a point outside the video's pictures */
export function checkPersonPlace(path: string, person: PersonChoice, { displayWidth, displayHeight }: Displayed): void {
  if (typeof person === 'string' || (person.x < displayWidth && person.y < displayHeight)) return;
  throw new UsageError(
    `${path}: --person ${person.x},${person.y} is outside the frame of ${displayWidth}x${displayHeight} pixels`,
    'Give x,y in pixels of the video as displayed, from its top left corner, before --max-size.',
  );
}

/** Converts a point in pixels of the displayed video to pixels of the analysed pictures. */
export function personInPictures(person: PersonChoice, video: Displayed, size: PictureSize): PersonChoice {
  if (typeof person === 'string') return person;
  return { x: (person.x * size.width) / video.displayWidth, y: (person.y * size.height) / video.displayHeight };
}
