/** The supported release lines of Node, oldest first: each as the beginning of a version. */
export const NODE_LINES = ['20.19', '22', '24', '26'] as const;
