import { asRead, isPointer, symbolicValue, type Value, valueKey } from './values.js';

declare const brand: unique symbol;
/** A value, or that it is not known yet, as a small number: equal for equal values. */
export type ValueId = number & { readonly [brand]: 'value' };

export const UNKNOWN = -1 as ValueId;

/** Gives each value of a program a number, so that the search compares and copies numbers only. */
export class ValueTable {
  private readonly integers = new Map<bigint, ValueId>();
  private readonly pointers = new Map<string, ValueId>();
  /** By number, from 1. */
  private readonly list: (Value | undefined)[] = [undefined];
  private readonly symbolics = new Set<ValueId>();

  id(value: Value): ValueId {
    if (isPointer(value)) return this.found(this.pointers, valueKey(value), value);
    return this.found(this.integers, value, value);
  }

  /** The value of a number that is not `UNKNOWN`. */
  value(id: ValueId): Value {
    const value = this.list[id];
    if (value === undefined) throw new Error(`value number ${id} stands for no value`);
    return value;
  }

  /** What a read returns of memory that holds the value of this number. */
  asRead(id: ValueId): ValueId {
    const value = this.list[id];
    if (value === undefined || !isPointer(value)) return id;
    const read = asRead(value);
    return read === value ? id : this.id(read);
  }

  /** The symbolic value of this number. */
  symbolic(number: number): ValueId {
    const id = this.id(symbolicValue(number));
    this.symbolics.add(id);
    return id;
  }

  isSymbolic(id: ValueId): boolean {
    return this.symbolics.has(id);
  }

  private found<Key>(map: Map<Key, ValueId>, key: Key, value: Value): ValueId {
    let id = map.get(key);
    if (id === undefined) {
      id = this.list.length as ValueId;
      this.list.push(value);
      map.set(key, id);
    }
    return id;
  }
}
