import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { type Equivalent, EquivalentFile } from '../mutants/equivalent.ts';
import { Complaints } from './complaints.ts';
import { readText } from './read-file.ts';
import { checkShape, parseYaml } from './yaml.ts';

/** Reads `equivalent.yml` of a lab's folder; none when it has no such file. @throws DiagnosticsError */
export function loadEquivalent(folder: string): readonly Equivalent[] {
  const file = join(folder, 'equivalent.yml');
  if (!existsSync(file)) return [];
  const complaints = new Complaints();
  const found = checkShape(parseYaml(file, readText(file, { within: folder })), EquivalentFile, complaints);
  complaints.end();
  return found?.equivalent ?? [];
}
