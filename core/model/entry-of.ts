/**
 * The entry that a record itself has. Names that people choose are looked up with it: a node may be
 * called `constructor`, and every object inherits something of that name.
 */
export function entryOf<T>(record: Readonly<Record<string, T>> | null | undefined, name: string): T | undefined {
  return record !== null && record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
