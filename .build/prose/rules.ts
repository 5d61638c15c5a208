/** A phrase that is not plain English in this project, what to write instead, and a sentence that it fires at. */
export interface Rule {
  /** A regular expression for whole words, without regard to case. A space stands for any white space. */
  readonly phrase: string;
  readonly better: string;
  readonly example: string;
}

/**
 * Phrases that are always wrong in code, comments, tests and pages of this project. Add one when a reader stumbles over
 * it twice.
 */
export const RULES: readonly Rule[] = [
  { phrase: 'told', better: 'reported, stated, shown, distinguished', example: 'what the user is told' },
  { phrase: 'tells', better: 'reports, states, shows', example: 'the file tells its length' },
  { phrase: 'telling', better: 'reporting, saying', example: 'it ends without telling' },
  { phrase: 'anew', better: 'again, or a verb with re-', example: 'the overlay is drawn anew' },
  { phrase: 'go(es|ne|ing)? on with', better: 'continue', example: 'a run that is gone on with' },
  { phrase: '(is|are|was|were) none', better: 'do not exist, is not a ...', example: 'those that are none' },
  {
    phrase: '(?<!there )(is|are) no (video|file|table|pose|JPEG|UTF-8|folder)s?',
    better: 'is not a ...',
    example: 'it is no video',
  },
  { phrase: 'so many', better: 'this many, up to N', example: 'it waits so many seconds' },
  { phrase: '(is|are|was|were) wanted', better: 'is requested, is needed', example: 'which output is wanted' },
  { phrase: 'that (is|are|was|were) there', better: 'existing, present', example: 'a file that is there' },
  { phrase: '(is|are) there(?=[.;:])', better: 'exists, is present', example: 'wait until the file is there.' },
  { phrase: 'somebody', better: 'a person, a user', example: 'somebody walks' },
  { phrase: 'at work', better: 'running, current', example: 'the one at work' },
  { phrase: 'bec[ao]mes? of', better: 'the status of', example: 'what became of each video' },
  { phrase: 'another look', better: 'a retry', example: 'found by another look' },
  { phrase: 'second try', better: 'a retry', example: 'a second try may succeed' },
  { phrase: 'by (its|their) names?', better: 'by name', example: 'no videos by their name' },
  { phrase: '(the )?later wins', better: 'later ones override earlier ones', example: 'of two, the later wins' },
  { phrase: 'whom', better: 'that, which person', example: 'whom to follow' },
  { phrase: 'thereof', better: 'of it', example: 'a part thereof' },
  { phrase: 'no longer of use', better: 'no longer needed', example: 'files no longer of use' },
  { phrase: 'to be had', better: 'available', example: 'where no cache is to be had' },
  { phrase: 'and (its|their) (kin|like)', better: 'and similar ones', example: 'Excel and its kin' },
  {
    phrase: '(nothing|anything) else is said',
    better: 'unless stated otherwise',
    example: 'where nothing else is said',
  },
  { phrase: 'pass(ed|es|ing)? over', better: 'skip', example: 'frames that are passed over' },
  { phrase: 'for want of', better: 'for lack of', example: 'killed for want of memory' },
  { phrase: 'once more', better: 'again', example: 'reads it once more' },
  {
    phrase: '(of|for) who (is|are|was|has|walks|moves|comes|does|lies|takes|asks|can|writes)',
    better: 'of a person who, for users who',
    example: 'gait of who walks',
  },
  { phrase: 'mend(s|ed|ing)?', better: 'fix', example: 'a command that mends it' },
  { phrase: 'reckon(s|ed|ing)?', better: 'estimate, compute', example: 'the start is only reckoned' },
  { phrase: 'as a rule', better: 'usually', example: 'it takes, as a rule, a second' },
  { phrase: 'gives? way to', better: 'make room for', example: 'the others give way to people' },
  { phrase: 'by turns', better: 'alternating', example: 'left and right by turns' },
];
