import fc from 'fast-check';

/**
 * The seed of every property test, pinned so that a run can be repeated: `FENCELINE_SEED` chooses another
 * one.
 */
export const seed = Number(process.env.FENCELINE_SEED ?? 20260101);

/** What `FENCELINE_RUNS` multiplies the number of runs by: 1 in `npm test`, 20 in `npm run test:long`. */
const factor = Number(process.env.FENCELINE_RUNS ?? 1);

/** Whether this is `npm run test:long`, where everything there is of a kind is tried. */
export const isLong = factor > 1;

/** Fewer runs than that find too little. */
const FEWEST = 50;

/**
 * Parameters of a property test. fast-check prints the seed when a property fails.
 * @param numRuns in `npm test`: so many that they take a second at most
 */
export function runs(numRuns: number): Pick<fc.Parameters, 'seed' | 'numRuns' | 'verbose'> {
  if (numRuns < FEWEST) throw new RangeError(`a property is to have ${FEWEST} runs at least, not ${numRuns}`);
  return { seed, numRuns: numRuns * factor, verbose: fc.VerbosityLevel.Verbose };
}
