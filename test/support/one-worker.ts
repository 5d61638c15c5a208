/**
 * A test file that imports this has its videos analysed one after another unless a command says otherwise: a second
 * process loads its networks for a few frames.
 */
process.env.BODYSCRIPT_JOBS = '1';
