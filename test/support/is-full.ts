/** Whether this is `npm run test:full`. */
export const IS_FULL = process.env.BODYSCRIPT_FULL_TESTS === '1';
