/** Alpha, by the letter of its handbook and as Linux relies on it. */
import { alphaLinuxPairs, alphaPairs } from './window/orders.js';
import { outOfOrder } from './window/window-machine.js';

export const alphaLinux = outOfOrder(
  {
    name: 'alpha-linux',
    title: 'accesses perform out of order; stores wait for what they depend on',
    architecture: 'alpha-linux',
  },
  { pairs: alphaLinuxPairs, traces: true, reduces: true },
);

export const alpha = outOfOrder(
  { name: 'alpha', title: 'accesses perform out of order, short of causal loops', architecture: 'alpha' },
  { pairs: alphaPairs, traces: true, reduces: true },
);
