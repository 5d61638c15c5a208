/** The folder of results where none is named. A file of its own: `report` and `doctor` want no more of the options. */
export const DEFAULT_OUT = 'bodyscript-out';
