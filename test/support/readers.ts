import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Made by `test/support/install-readers.sh`: the programs that read our files in practice, such as OpenSim. */
const INSTALLED = fileURLToPath(new URL('../../.readers/bin/python', import.meta.url));

/** A Python with these modules; if undefined, a test that needs them skips. */
export function pythonWith(...modules: readonly string[]): string | undefined {
  return [INSTALLED, 'python3', '/usr/bin/python3'].find(program => {
    if (program === INSTALLED && !existsSync(INSTALLED)) return false;
    try {
      execFileSync(program, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}

/** The output of a Python program, parsed as JSON. The arguments are `sys.argv[1:]`. @throws if the program fails. */
export async function askPython(python: string, program: string, args: readonly string[] = []): Promise<unknown> {
  const { stdout } = await run(python, ['-c', program, ...args], { maxBuffer: 1 << 28 });
  return JSON.parse(stdout);
}
