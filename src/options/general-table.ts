import { choice, flag, path } from './kinds.js';
import { inGroup } from './option.js';

export const COLOR_CHOICES = ['auto', 'always', 'never'] as const;
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;

/** Options of all commands: what stderr shows, and how. */
export const MESSAGES = inGroup('What it says:', {
  quiet: {
    flags: '-q, --quiet',
    help: 'only errors, and results that were asked for: --log-level error',
    kind: flag(),
    default: false,
  },
  logLevel: {
    flags: '--log-level <name>',
    help: 'least important messages that stderr shows: error, warn, info, debug',
    kind: choice(LOG_LEVELS),
    default: 'info',
  },
  logJson: { flags: '--log-json', help: 'stderr as lines of JSON', kind: flag(), default: false },
  color: {
    flags: '--color <when>',
    help: 'auto: on a terminal, unless NO_COLOR is set; always, never',
    kind: choice(COLOR_CHOICES),
    default: 'auto',
  },
  debug: { flags: '--debug', help: 'show where an error comes from', kind: flag(), default: false },
});

/** Options of all commands, and those of the commands that a configuration file has a section for. */
export const GENERAL = {
  ...MESSAGES,
  ...inGroup('What it says:', {
    config: {
      flags: '--config <file>',
      help: 'this configuration, not the one found from here upwards',
      kind: path(),
      onlyFlag: true,
      acts: 'loads',
    },
    printConfig: {
      flags: '--print-config',
      help: 'show each value and where it comes from, and do nothing else',
      kind: flag(),
      default: false,
      onlyFlag: true,
    },
  }),
} as const;
