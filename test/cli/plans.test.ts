import { describe, expect, it } from '@jest/globals';
import { ModelFiles } from '../../src/cli/model-files.js';
import { plansFor } from '../../src/cli/plans.js';
import { Source } from '../../src/diagnostics.js';
import { architectures, targets } from '../../src/kernel/index.js';
import { parseLitmus } from '../../src/litmus/index.js';

function planned(program: string, options: Partial<Parameters<typeof plansFor>[1]> = {}): string[] {
  const test = parseLitmus(new Source('test.litmus', `C test\n${program}\nexists (x=1)`));
  return plansFor(test, { era: '6.x', files: new ModelFiles(), ...options }).map(
    ({ name, model, target }) => `${name}: ${model?.name} on ${target?.architecture}`,
  );
}

const plain = '{}\nP0(int *x) { WRITE_ONCE(*x, 1); }';

describe('a C test', () => {
  it('is checked under the Linux-kernel memory model when nothing else is said', () => {
    expect(planned(plain)).toEqual(['lkmm: lkmm on lkmm']);
  });

  it('is checked on the machines when it has an interrupt handler', () => {
    const handler = `${plain}\n__nmi(P0) P1(int *x) { int r1 = READ_ONCE(*x); }`;
    const machines = architectures.map((name) => `${name}: ${name} on ${name}`);
    expect(planned(handler)).toEqual(machines);
    expect(planned(handler, { targets: 'all' })).toEqual(machines);
  });

  it("is compared with the kernel's own comment", () => {
    expect(planned(`(* Result: Always *)\n${plain}`)).toEqual(['lkmm: lkmm on lkmm']);
  });

  it('can be asked of every target', () => {
    expect(planned(plain, { targets })).toEqual(targets.map((name) => `${name}: ${name} on ${name}`));
    expect(planned(plain, { targets: 'all' })).toEqual(planned(plain, { targets }));
    expect(planned(plain, { models: ['sc'], targets: ['lkmm'] })).toEqual(['sc on lkmm: sc on lkmm']);
  });

  it('needs a target for a model that is none', () => {
    expect(() => planned(plain, { models: ['cos'] })).toThrow(/cos is not the model of a machine: .*i386/);
    expect(() => planned(plain, { models: ['vax'] })).toThrow(/no model vax: .*alpha-linux/);
  });
});

describe('assembly', () => {
  const code = 'X86 test\n{}\n P0 ;\n MOV [x],$1 ;\nexists (x=1)';
  const plans = (options: Partial<Parameters<typeof plansFor>[1]>): string[] =>
    plansFor(parseLitmus(new Source('test.litmus', code)), {
      era: '6.x',
      files: new ModelFiles(),
      ...options,
    }).map(({ name }) => name);

  it('is run by the targets whose code it is, and by no other', () => {
    expect(plans({ targets: ['sc', 'pso'] })).toEqual(['sc', 'pso']);
    expect(() => plans({ targets: ['sc', 'alpha'] })).toThrow(
      /the target alpha does not run X86 code: .*sc, i386, pso; --model alpha/,
    );
    expect(() => plans({ models: ['sc'], targets: ['lkmm'] })).toThrow(/the target lkmm does not run X86/);
    expect(plans({ models: ['alpha'], targets: ['i386'] })).toEqual(['alpha']);
  });
});
