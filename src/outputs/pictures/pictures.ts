import type { OutputFile, OutputKind, RunContext } from '../output.js';
import type { WantedOutputs } from '../wanted-outputs.js';
import type { PicturesState } from './pictures-output.js';

/** Joints of lower visibility are not drawn, unless the overlay's setting differs. */
const USUAL_VISIBILITY = 0.5;

const sheetOf = (stem: string, { contactSheet }: WantedOutputs) =>
  contactSheet ? `${stem}.contact-sheet.jpg` : undefined;
const thumbnailOf = (stem: string, { thumbnail }: WantedOutputs) => (thumbnail ? `${stem}.thumbnail.jpg` : undefined);
/** Temporary file for both outputs' small pictures. */
const storeOf = (stem: string) => `${stem}.pictures`;

async function open({ stem, options, resume }: RunContext) {
  const { PicturesOutput } = await import('./pictures-output.js');
  const job = {
    store: storeOf(stem),
    contactSheet: sheetOf(stem, options),
    thumbnail: thumbnailOf(stem, options),
    minVisibility: options.overlay?.minVisibility ?? USUAL_VISIBILITY,
  };
  return PicturesOutput.create(job, resume as PicturesState | undefined);
}

/** `NAME.contact-sheet.jpg` and `NAME.thumbnail.jpg`. */
export const PICTURES: OutputKind<'pictures'> = {
  name: 'pictures',
  needs: 'pictures',
  phase: 'reads',
  resumes: true,
  stage: 'pictures',
  decidedBy: ['contactSheet', 'thumbnail', 'overlay'],
  files: (stem, options) => {
    const made = [sheetOf(stem, options), thumbnailOf(stem, options)].filter(path => path !== undefined);
    if (made.length === 0) return [];
    const files: OutputFile[] = made.map(path => ({ path, role: 'whole' }));
    return [...files, { path: storeOf(stem), role: 'working' }];
  },
  open,
};
