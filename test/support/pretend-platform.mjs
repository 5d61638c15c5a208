/**
 * Loaded before a program (`NODE_OPTIONS=--import=...`), makes its own code take this system for the one that
 * `PRETENDED_PLATFORM` names: `win32` or `darwin`. Node and packages, which have parts of machine code, know better; so
 * paths keep their slashes.
 */
const [real, pretended] = [process.platform, process.env.PRETENDED_PLATFORM];

const asksForUs = () => {
  const caller = new Error().stack?.split('\n')[3] ?? '';
  return caller.includes('/dist/') && !caller.includes('/node_modules/');
};

if (pretended) Object.defineProperty(process, 'platform', { get: () => (asksForUs() ? pretended : real) });
