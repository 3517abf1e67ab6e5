import { Control, type Catalogue, ControlsFile, Statement } from '../model/control.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { DiagnosticsError } from '../model/errors.ts';
import { Complaints } from './complaints.ts';
import { readText } from './read-file.ts';
import { checkShape, complainAt, parseYaml } from './yaml.ts';

/** Reads `controls.yml`, the catalogue. @throws DiagnosticsError */
export function loadControls(file: string): Catalogue {
  return parseControls(file, readText(file));
}

/** The same from a text: ids are unique, a row has a lab or says why not, and a statement has its row. Pure. @throws DiagnosticsError */
export function parseControls(file: string, text: string): Catalogue {
  const { catalogue, diagnostics } = parseRows(file, text);
  if (diagnostics.length > 0) throw new DiagnosticsError(diagnostics);
  return catalogue;
}

/** The rows that are sound, and what is wrong with the others: a fault in one is no reason to do without all. */
export function loadSoundControls(file: string): { catalogue: Catalogue; diagnostics: readonly Diagnostic[] } {
  try {
    return parseRows(file, readText(file));
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    return { catalogue: { controls: [], statements: [] }, diagnostics: error.diagnostics };
  }
}

/** @throws DiagnosticsError where the text is no YAML, so that there are no rows to tell apart. */
function parseRows(file: string, text: string): { catalogue: Catalogue; diagnostics: readonly Diagnostic[] } {
  const complaints = new Complaints();
  const yaml = parseYaml(file, text);
  checkShape(yaml, ControlsFile, complaints);
  const controls = rowsOf(yaml.value, 'controls', Control);
  const statements = rowsOf(yaml.value, 'statements', Statement);
  const named = new Set(rawRows(yaml.value, 'controls').map((row) => (row as { id?: unknown } | null)?.id));

  const first = (list: 'controls' | 'statements', rows: readonly Row<{ id: string }>[]): number[] => {
    const seen = new Map<string, number>();
    return rows.flatMap(({ index, row: { id } }) => {
      const before = seen.get(id);
      if (before !== undefined) {
        complainAt(complaints, yaml, [list, index, 'id'], {
          message: `${id} stands here a second time`,
          hint: `the first is in line ${yaml.place([list, before, 'id']).value.line}`,
        });
        return [];
      }
      seen.set(id, index);
      return [index];
    });
  };
  const once = { controls: first('controls', controls), statements: first('statements', statements) };
  const decided = controls.filter(({ index, row: { id, lab, reason } }) => {
    const isDecided = lab !== undefined || reason !== undefined;
    if (!isDecided) {
      complainAt(complaints, yaml, ['controls', index], {
        message: `${id} has no lab and no reason`,
        expected: 'lab: the lab that exercises it, or reason: why there is none',
      });
    }
    return isDecided && once.controls.includes(index);
  });
  const answered = statements.filter(({ index, row: { id, control } }) => {
    // A row with a fault of its own is a row all the same: the complaint is about that.
    if (!named.has(control)) {
      complainAt(complaints, yaml, ['statements', index, 'control'], {
        message: `${id} is answered for by ${control}, which is no row`,
        expected: 'the id of a control of this file',
      });
    }
    return once.statements.includes(index) && decided.some((it) => it.row.id === control);
  });
  return {
    catalogue: { controls: decided.map((it) => it.row), statements: answered.map((it) => it.row) },
    diagnostics: complaints.found(),
  };
}

interface Row<T> {
  /** Its place in the file. */
  readonly index: number;
  readonly row: T;
}

function rowsOf<T>(
  value: unknown,
  list: string,
  schema: { safeParse(row: unknown): { success: true; data: T } | { success: false } },
): Row<T>[] {
  return rawRows(value, list).flatMap((raw, index) => {
    const result = schema.safeParse(raw);
    return result.success ? [{ index, row: result.data }] : [];
  });
}

function rawRows(value: unknown, list: string): readonly unknown[] {
  const rows = (value as Record<string, unknown> | null | undefined)?.[list];
  return Array.isArray(rows) ? rows : [];
}
