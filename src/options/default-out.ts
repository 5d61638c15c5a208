/** The default folder of results. In its own file, since `report` and `doctor` need no other option. */
export const DEFAULT_OUT = 'bodyscript-out';
