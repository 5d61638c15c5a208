import { PACKAGE } from '../system/package-info.js';

/** The program's purpose in one sentence. */
export const DOES = 'Finds the people in videos: their landmarks as a table, and a video with their skeletons.';

/** The text for `bodyscript` without arguments. */
export const FIRST_CONTACT = `${PACKAGE.name} ${PACKAGE.version}
${DOES}

  bodyscript demo                  results of a built-in clip in bodyscript-demo/
  bodyscript VIDEO                 landmarks and overlay in bodyscript-out/
  bodyscript FOLDER -o RESULTS     the same for each video of a folder
  bodyscript doctor                check the installation

  bodyscript --help                all commands
  bodyscript analyze --help        all options for analysing videos
  bodyscript completion --help     complete words at the tab key
`;
