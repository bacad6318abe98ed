import { UsageError } from '../exit.js';

/**
 * herd7's variants, in small letters. Models may ask for them; those that say how atomic operations are read
 * are honoured.
 */
export const variantNames: readonly string[] =
  `acqrelasfence aarch64 amox0 asl asl+aarch64 asl+aarch64+udf asl0 asl1 asl_0 asl_1 asl_aarch64 aslaarch64 asltype+check
asltype+silence asltype+warn aslv0 aslv1 asym asymmetric async asynchronous back backcompat const-pac-field
constrainedunpredictable cos-opt cu d128 dic dontcheckmixed eis eos ets ets2 ets3 exp exs fatal faulttonext fpac
fullscdepend handled idc ifetch imprecise instr kvm lkmmv1 lkmmv2 lrscdiffok memtag mte neon no-key-da no-key-db no-key-ia
no-key-ib nobranch notweakpred notweakpredicated noptebranch nv2 oldsolver optrfrmw pauth1 pauth2 precise pte-squared pte2
s128 scdepend self shadowstack skip sme specialx0 splittedrmw store-only strict success sve switchdepscresult
switchdepscwrite sync synchronous tagmem telechat test unaligned vmsa warn x0`.split(/\s+/);

/** Variants that change what programs do, and are not done here, with what they ask for. */
const unserved: Readonly<Record<string, string>> = {
  mixed: 'accesses to parts of a location',
  morello: 'capabilities',
  normw: 'atomic operations without a pair in rmw',
  cutoff: 'executions in which a loop is cut',
  oota: 'values that depend on themselves by way of arithmetic',
  deps: 'dependencies that the model computes',
  instances: 'dependencies that the model computes',
  instance: 'dependencies that the model computes',
};

/** @throws UsageError for a variant that is refused, with where it is asked for */
export function checkVariants(names: readonly string[], where = ''): void {
  for (const name of names) {
    const why = refusedVariant(name);
    if (why !== undefined) throw new UsageError(`${where}variant ${name} ${why}`);
  }
}

/** Why a variant is refused, if it is. */
export function refusedVariant(name: string): string | undefined {
  if (Object.hasOwn(unserved, name)) return `is not supported: it asks for ${unserved[name]}`;
  if (variantNames.includes(name) || /^(?:t\d\d|(?:sve|sme):\d+)$/.test(name)) return undefined;
  return "is none of herd7's; --help variant lists them";
}
