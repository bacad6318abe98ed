/**
 * Functions of the kernel that programs often call and that are no primitives here, with what may be written
 * instead.
 */
const instead: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:_raw_|raw_)?(?:read|write)_(?:try)?(?:un)?lock(?:_bh|_irq|_irqsave|_irqrestore)?$/,
    'there are no reader-writer locks: write spin_lock() and spin_unlock(), or rcu_read_lock() for a section of RCU',
  ],
  [
    /^(?:rw_?)?(?:mutex|sem|down|up)_\w+$|^(?:down|up)$/,
    'locks that sleep are not there: write spin_lock() and spin_unlock()',
  ],
  [
    /^(?:read|write|raw_read|raw_write)_seq\w*$/,
    'sequence locks are not there: write out their accesses and barriers',
  ],
  [/^spin_unlock_wait$/, 'it is gone since Linux 4.16: write spin_lock() and spin_unlock()'],
  [
    /^(?:call_rcu|kfree_rcu|call_srcu|rcu_barrier|queue_work|schedule_work)\w*$/,
    'nothing runs later here: write synchronize_rcu(), and then what the callback does',
  ],
  [/^(?:BUG|WARN)(?:_ON)?(?:_ONCE)?$|^assert$/, 'keep the value in a variable, and name it in the condition'],
  [/^(?:pr_\w+|printk|printf)$/, 'nothing is printed: leave it out'],
  [/^list_\w+$|^hlist_\w+$/, 'write out the loads and stores of the pointers'],
  [
    /^(?:wait_event|wake_up|complete|wait_for_completion|schedule|msleep|udelay|mdelay|usleep_range)\w*$/,
    'no thread sleeps here: write a loop that reads what is waited for',
  ],
  [/^(?:malloc|calloc|vmalloc|kcalloc|kmem_cache_alloc)$/, 'write kmalloc() or kzalloc()'],
  [/^(?:free|vfree|kvfree|kmem_cache_free)$/, 'write kfree()'],
  [/^pthread_\w+$/, 'threads are written as functions P0, P1 ..., with the primitives of the kernel'],
  [
    /^atomic_(?:load|store|thread_fence|exchange|compare_exchange)\w*$|^__(?:sync|atomic)_\w+$/,
    'the atomics of C11 are not there: write those of the kernel, such as READ_ONCE(), smp_load_acquire() or atomic_add()',
  ],
  [/^(?:memcpy|memset|memmove)$/, 'write out the assignments'],
];

/** What to write in place of a function that is not supported; undefined for one that is not known to be. */
export function insteadOf(name: string): string | undefined {
  return instead.find(([pattern]) => pattern.test(name))?.[1];
}

const insteadOfWords: Readonly<Record<string, string>> = {
  goto: 'write a loop, or `if` and `else`',
  switch: 'write `if` and `else`',
  case: 'write `if` and `else`',
  union: 'write a structure, or a variable for each member',
  enum: 'write numbers',
  asm: 'write primitives of the kernel',
  __asm__: 'write primitives of the kernel',
  float: 'write an integer type',
  double: 'write an integer type',
  typeof: 'write the type',
  __typeof__: 'write the type',
  __attribute__: 'leave it out',
};

/** What to write in place of a word of C that is not supported. */
export function insteadOfWord(word: string): string {
  return insteadOfWords[word];
}
