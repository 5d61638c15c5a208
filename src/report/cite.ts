import type { RunRecord } from '../model/run-record.js';
import { wonBy } from './networks.js';

/** As in `CITATION.cff`. */
const TITLE = 'bodyscript';
const AUTHORS = 'bodyscript contributors';
const LICENCE = 'Apache-2.0';

const BLAZEPOSE = `@misc{bazarevsky2020blazepose,
  title = {{BlazePose}: On-device Real-time Body Pose tracking},
  author = {Bazarevsky, Valentin and Grishchenko, Ivan and Raveendran, Karthik and Zhu, Tyler and Zhang, Fan and Grundmann, Matthias},
  year = {2020},
  eprint = {2006.10204},
  archivePrefix = {arXiv},
  primaryClass = {cs.CV}
}`;

const NANODET = `@misc{rangilyu2021nanodet,
  title = {{NanoDet-Plus}: Super fast and high accuracy lightweight anchor-free object detection model},
  author = {RangiLyu},
  year = {2021},
  howpublished = {\\url{https://github.com/RangiLyu/nanodet}}
}`;

/** The citations for a run, as BibTeX: the tool, and the networks that won poses. */
export function bibtexOf(record: RunRecord): string {
  const { name, version } = record.tool;
  const tool = `@software{bodyscript,
  title = {${braced(TITLE)}},
  author = {{${AUTHORS}}},
  version = {${braced(version)}},
  license = {${LICENCE}},
  note = {${braced(name)} ${braced(version)}, run of ${braced(record.startedAt.slice(0, 10))}}
}`;
  return [tool, BLAZEPOSE, ...(wonBy(record).inBoxes > 0 ? [NANODET] : [])].join('\n\n');
}

/** A record may be forged: no text in it can end a field. */
const braced = (text: string) => text.replaceAll(/[{}\\@]/g, '');
