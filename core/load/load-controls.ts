import { type Catalogue, ControlsFile } from '../model/control.ts';
import { Complaints } from './complaints.ts';
import { readText } from './read-file.ts';
import { checkShape, complainAt, parseYaml } from './yaml.ts';

/** Reads `controls.yml`, the catalogue. @throws DiagnosticsError */
export function loadControls(file: string): Catalogue {
  return parseControls(file, readText(file));
}

/** The same from a text: ids are unique, a row has a lab or says why not, and a statement has its row. Pure. @throws DiagnosticsError */
export function parseControls(file: string, text: string): Catalogue {
  const complaints = new Complaints();
  const yaml = parseYaml(file, text);
  const catalogue = checkShape(yaml, ControlsFile, complaints) ?? { controls: [], statements: [] };
  const { controls, statements } = catalogue;
  refuseTwice(['controls'], controls);
  refuseTwice(['statements'], statements);
  for (const [index, { id, lab, reason }] of controls.entries()) {
    if (lab === undefined && reason === undefined) {
      complainAt(complaints, yaml, ['controls', index], {
        message: `${id} has no lab and no reason`,
        expected: 'lab: the lab that exercises it, or reason: why there is none',
      });
    }
  }
  for (const [index, { id, control }] of statements.entries()) {
    if (controls.some((it) => it.id === control)) continue;
    complainAt(complaints, yaml, ['statements', index, 'control'], {
      message: `${id} is answered for by ${control}, which is no row`,
      expected: 'the id of a control of this file',
    });
  }
  complaints.end();
  return catalogue;

  function refuseTwice(list: readonly [string], rows: readonly { id: string }[]): void {
    const first = new Map<string, number>();
    for (const [index, { id }] of rows.entries()) {
      const before = first.get(id);
      if (before === undefined) first.set(id, index);
      else
        complainAt(complaints, yaml, [...list, index, 'id'], {
          message: `${id} stands here a second time`,
          hint: `the first is in line ${yaml.place([...list, before, 'id']).value.line}`,
        });
    }
  }
}
