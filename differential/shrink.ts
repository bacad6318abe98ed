/** The smallest test that fast-check comes to from one that two tools differ on. */
import fc from 'fast-check';

/** A random test, to be made once more: the one that has this place among those of a seed. */
export interface Made {
  readonly tests: fc.Arbitrary<string>;
  readonly seed: number;
  readonly place: number;
}

/** Makes a test smaller as long as it is one for which `differs` holds. */
export async function shrunk(
  { tests, seed, place }: Made,
  differs: (text: string) => Promise<boolean>,
  milliseconds: number,
): Promise<string> {
  let smallest = '';
  const property = fc.asyncProperty(tests, async (text) => {
    const fails = await differs(text);
    // The last one that fails is the smallest so far.
    if (fails) smallest = text;
    return !fails;
  });
  const limits = { interruptAfterTimeLimit: milliseconds, markInterruptAsFailure: false };
  await fc.check(property, { seed, path: String(place), ...limits });
  return smallest;
}
