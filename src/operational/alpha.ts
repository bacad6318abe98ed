import type { MachineKind } from './machine/machine.js';
import { WindowMachine } from './window/window-machine.js';

function kindOf(name: 'alpha' | 'alpha-linux', title: string, dependenceOrders: boolean): MachineKind {
  return {
    name,
    title,
    architecture: name,
    create: (program, values, liveness) =>
      new WindowMachine(program, values, { name, dependenceOrders }, liveness),
  };
}

export const alphaLinux = kindOf(
  'alpha-linux',
  'accesses perform out of order; stores wait for what they depend on',
  true,
);
export const alpha = kindOf('alpha', 'accesses perform out of order, short of causal loops', false);
