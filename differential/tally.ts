/** What has come of the tests so far. */
export interface Tally {
  tests: number;
  agree: number;
  argued: number;
  timeout: number;
  undecided: number;
  readonly unread: string[];
  /** Why the two differ, and the file with the smallest test found. */
  readonly differ: { readonly reason: string; readonly file: string }[];
  /**
   * Of the tests that agree, those with an execution that goes round in a circle through a branch; and those
   * in which nothing else justifies it.
   */
  circles: number;
  unfounded: number;
}
