import { ControlsFile, type Control } from '../model/control.ts';
import { Complaints } from './complaints.ts';
import { readText } from './read-file.ts';
import { checkShape, complainAt, parseYaml } from './yaml.ts';

/** Reads `controls.yml`, the catalogue. @throws DiagnosticsError */
export function loadControls(file: string): readonly Control[] {
  return parseControls(file, readText(file));
}

/** The same from a text: ids are unique, and a row has a lab or says why not. Pure. @throws DiagnosticsError */
export function parseControls(file: string, text: string): readonly Control[] {
  const complaints = new Complaints();
  const yaml = parseYaml(file, text);
  const controls = checkShape(yaml, ControlsFile, complaints)?.controls ?? [];
  const first = new Map<string, number>();
  for (const [index, { id, lab, reason }] of controls.entries()) {
    const before = first.get(id);
    if (before === undefined) first.set(id, index);
    else
      complainAt(complaints, yaml, ['controls', index, 'id'], {
        message: `${id} stands here a second time`,
        hint: `the first is in line ${yaml.place(['controls', before, 'id']).value.line}`,
      });
    if (lab === undefined && reason === undefined) {
      complainAt(complaints, yaml, ['controls', index], {
        message: `${id} has no lab and no reason`,
        expected: 'lab: the lab that exercises it, or reason: why there is none',
      });
    }
  }
  complaints.end();
  return controls;
}
