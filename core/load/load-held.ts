import { existsSync } from 'node:fs';

import { DiagnosticsError } from '../model/errors.ts';
import { HeldFile, type HeldProofs } from '../proofs/held.ts';
import { Complaints } from './complaints.ts';
import { readText } from './read-file.ts';
import { checkShape, parseYaml } from './yaml.ts';

/** Reads `proofs/<area>/<lab>.json`; nothing is held where there is no such file. @throws DiagnosticsError */
export function loadHeld(file: string): HeldProofs {
  return existsSync(file) ? parseHeld(file, readText(file)) : new Map();
}

/** The same from a text. JSON is read as the YAML that it is too (YAML 1.2 §1.3), for the places of complaints. Pure. */
export function parseHeld(file: string, text: string): HeldProofs {
  const complaints = new Complaints();
  const found = complaints.collect(() => checkShape(parseYaml(file, text), HeldFile, complaints));
  if (complaints.any) throw new DiagnosticsError(complaints.found().map((it) => ({ ...it, hint })));
  return new Map(Object.entries(found?.held ?? {}));
}

const hint = 'after a merge take either side, or delete the file: what it does not hold is proved again';
