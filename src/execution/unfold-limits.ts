/** Paths between two looks at the limits. */
export const POLL_INTERVAL = 256;

/** What to do where an address, or a callee, may be any value. */
export type Unlisted =
  /** Raise `UnboundedAddress`. */
  | 'refuse'
  /** Go on, and leave open where the access is. */
  | 'anywhere'
  /** Go each way that there is: to each location, to each function; and end where it is none. */
  | 'everywhere';

export interface UnfoldLimits {
  /** How often a loop whose end depends on what is read may start again, for each place that jumps back. */
  readonly unroll: number;
  /** @default 'refuse' */
  readonly unlisted?: Unlisted;
  /** Whether it is kept track of what branches choose, and what reads decide about beyond what they control. */
  readonly decisions?: boolean;
}

/** An address about which nothing is known, so that its locations cannot be listed. */
export class UnboundedAddress extends Error {
  override readonly name = 'UnboundedAddress';
}
