/** Numbers things in the order in which they are first asked for, from 0. */
export function numbering<Item>(): (item: Item) => number {
  const ids = new Map<Item, number>();
  return (item) => {
    const id = ids.get(item) ?? ids.size;
    ids.set(item, id);
    return id;
  };
}
