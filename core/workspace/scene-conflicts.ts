import { basename } from 'node:path';

import { structuredPatch } from 'diff';

import type { Overlay } from '../model/config-file.ts';
import type { DaemonDiagnostic } from '../model/daemon-diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Lab } from '../model/lab.ts';

/** A file that a scene touches, as it stands without the scene and with it; undefined where there is none. */
export interface SceneFile {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export interface SceneConflict {
  readonly diagnostic: Diagnostic;
  /** The same as a note at the head of a verdict. */
  readonly warning: DaemonDiagnostic;
  /**
   * True where a patch of the lab changes the file as well: then `verify` has shown what the checks say of
   * that. Otherwise nobody knows what a verdict would be worth.
   */
  readonly foreseen: boolean;
}

/**
 * The files of a candidate that take away again what the scene of a lab brings. Files are laid out whole, the
 * candidate's last: where they keep the scene's lines, or touch other files, all is well. Pure.
 */
export function sceneConflicts(lab: Lab, scene: readonly SceneFile[], { files, absent }: Overlay): SceneConflict[] {
  if (lab.scene === undefined) return [];
  const foreseen = new Set([...lab.accept, ...lab.reject].flatMap((patch) => patch.paths));
  const { file: sceneFile } = lab.scene;
  return scene.flatMap(({ path, before, after }) => {
    const file = files.find((it) => it.path === path);
    const gone = absent.find((it) => path === it.path || path.startsWith(`${it.path}/`));
    if (file === undefined && gone === undefined) return [];
    const lost = lostLine(before ?? '', after ?? '', file?.content.toString() ?? '');
    if (lost === undefined) return [];
    const line = gone?.line ?? lost.line;
    const message = `this takes away what ${sceneFile} brings to ${path}, so that ${lab.id} is not asked under its circumstances`;
    return [
      {
        foreseen: foreseen.has(path),
        diagnostic: {
          file: gone?.source ?? file?.source ?? path,
          line,
          column: 1,
          message,
          expected: lost.expected,
          hint: `leave ${path} out, or make the change of the scene in it as well`,
        },
        warning: {
          node: path.split('/')[0],
          severity: 'warning',
          file: gone === undefined ? (file?.template?.path ?? path) : basename(gone.source),
          line,
          message: `${message}; expected ${lost.expected}`,
        },
      },
    ];
  });
}

/** The first change from `before` to `after` that `text` does not have, and where that shows. */
function lostLine(before: string, after: string, text: string): { line: number; expected: string } | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  for (const hunk of structuredPatch('', '', before, after, '', '', { context: 0 }).hunks) {
    const brought = sayings(hunk.lines, '+');
    const missing = brought.find((line) => !lines.includes(line));
    const taken = sayings(hunk.lines, '-').filter((line) => !brought.includes(line));
    const [first] = taken;
    const there = first === undefined ? -1 : lines.indexOf(first);
    if (missing !== undefined) return { line: there < 0 ? 1 : there + 1, expected: `\`${missing}\`` };
    if (first !== undefined && taken.every((line) => lines.includes(line)))
      return { line: there + 1, expected: `no \`${first}\`` };
  }
  return undefined;
}

/** The added or removed lines that say something to a daemon: no brackets alone, no comments. */
function sayings(lines: readonly string[], sign: '+' | '-'): string[] {
  return lines
    .filter((line) => line.startsWith(sign))
    .map((line) => line.slice(1).trim())
    .filter((line) => /\w/.test(line) && !/^(?:#|\/\/|!)/.test(line));
}
