import { choice, flag, path } from './kinds.js';
import { inGroup } from './option.js';

export const COLOR_CHOICES = ['auto', 'always', 'never'] as const;
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;

/** General options: the messages on stderr, and their form. */
export const MESSAGES = inGroup('Messages:', {
  quiet: {
    flags: '-q, --quiet',
    help: 'show errors and requested results only, like --log-level error',
    kind: flag(),
    default: false,
  },
  logLevel: {
    flags: '--log-level <name>',
    help: 'lowest level of messages on stderr: error, warn, info or debug',
    kind: choice(LOG_LEVELS),
    default: 'info',
  },
  logJson: { flags: '--log-json', help: 'write messages as JSON, one per line', kind: flag(), default: false },
  color: {
    flags: '--color <when>',
    help: 'colours: auto (on a terminal, unless NO_COLOR is set), always or never',
    kind: choice(COLOR_CHOICES),
    default: 'auto',
  },
  debug: { flags: '--debug', help: 'show the code and stack trace of an error', kind: flag(), default: false },
});

/** General options, and those of commands with a section in the configuration file. */
export const GENERAL = {
  ...MESSAGES,
  ...inGroup('Messages:', {
    config: {
      flags: '--config <file>',
      help: 'configuration file, instead of the one found in this folder or above',
      kind: path(),
      onlyFlag: true,
      acts: 'loads',
    },
    printConfig: {
      flags: '--print-config',
      help: 'show each option value and its source, and exit',
      kind: flag(),
      default: false,
      onlyFlag: true,
    },
  }),
} as const;
