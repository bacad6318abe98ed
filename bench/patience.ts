/** What is left of a limit for those who have given up before. */
const LESS = 1 / 4;

/**
 * How long an engine or a tool has for a program of a family. Who has once given up on one of the family's
 * programs, under any model, has less time for the others: what those add is a bound.
 */
export class Patience {
  private readonly gaveUp = new Set<string>();

  /**
   * Has something measured within what is left of a limit.
   * @param who the engine or the tool
   * @param limit milliseconds
   */
  measure<Measured extends { readonly tests: number; readonly through: number } | undefined>(
    who: string,
    family: string,
    limit: number,
    within: (limit: number) => Measured,
  ): Measured {
    const key = `${who} ${family}`;
    const measured = within(this.gaveUp.has(key) ? limit * LESS : limit);
    if (measured && measured.through < measured.tests) this.gaveUp.add(key);
    return measured;
  }
}
