import { inOrder } from './in-order/in-order.js';
import { BankedCaches } from './memory/banked-caches.js';

/** The hardware that Alpha's reordering of dependent loads was seen on. */
export const alpha21264 = inOrder(
  {
    name: 'alpha-21264',
    title: 'the hardware story: a write buffer, a cache in two banks, and queues of invalidates for each CPU',
    architecture: 'alpha-linux',
  },
  (context) => new BankedCaches(context),
);
