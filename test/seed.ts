import fc from 'fast-check';

/**
 * Parameters of every property test. The seed is pinned, so that a run can be repeated: `FENCELINE_SEED` chooses another
 * one and `FENCELINE_RUNS` multiplies the number of runs. fast-check prints the seed when a property fails.
 */
export function runs(numRuns: number): Pick<fc.Parameters, 'seed' | 'numRuns' | 'verbose'> {
  return {
    seed: Number(process.env.FENCELINE_SEED ?? 20260101),
    numRuns: numRuns * Number(process.env.FENCELINE_RUNS ?? 1),
    verbose: fc.VerbosityLevel.Verbose,
  };
}
