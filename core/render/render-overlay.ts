import { posix } from 'node:path';

import { type Complaint, Complaints, fileStart, type Position } from '../load/complaints.ts';
import { didYouMean } from '../load/near-spelling.ts';
import type { ConfigFile, Overlay, OverlaySource, TemplateFile } from '../model/config-file.ts';
import { type Facts, factsOf } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Rendered, RenderFailure, RenderRequest, TemplateEngine } from './engine.ts';
import { markLines, readMarks } from './template-lines.ts';

/**
 * Renders all templates of a folder in one run, each with the facts of its node and the two names of Ansible that
 * templates of roles say most often. @throws DiagnosticsError with the complaints about all of them
 */
export async function renderOverlay(source: OverlaySource, plan: Plan, engine: TemplateEngine): Promise<Overlay> {
  const { folder, files, templates, texts, absent } = source;
  if (templates.length === 0) return { files, absent };
  const complaints = new Complaints();
  const known = templates.flatMap((it) => {
    const node = it.path.split('/')[0] ?? '';
    const facts = factsOf(plan, node);
    if (facts !== undefined) return { ...it, facts };
    complaints.add(posix.join(folder, it.template), fileStart, {
      message: `the plan says nothing about ${node}`,
      expected: 'a node of plan.yml',
    });
    return [];
  });
  const answers = await engine(requestOf(known, texts));
  const rendered = known.flatMap((it, index): ConfigFile[] => {
    const answer = answers[index];
    if (answer === undefined) return []; // One before it ended the run, and is complained of.
    if ('text' in answer) return [fileOf(folder, it, answer)];
    const { error } = answer;
    complaints.add(posix.join(folder, error.path), placeOf(error, texts), explain(error, texts, it.facts));
    return [];
  });
  complaints.end();
  return { files: [...files, ...rendered].toSorted((a, b) => (a.path < b.path ? -1 : 1)), absent };
}

function requestOf(
  templates: readonly (TemplateFile & { readonly facts: Facts })[],
  files: Readonly<Record<string, string>>,
): RenderRequest {
  return {
    files,
    marks: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, markLines(text, path)])),
    templates: templates.map(({ template, facts }) => ({
      path: template,
      facts: { ansible_managed: 'Ansible managed', inventory_hostname: facts.name, ...facts },
    })),
  };
}

function fileOf(
  folder: string,
  { path, template, executable }: TemplateFile,
  { text, marked }: Extract<Rendered, { text: string }>,
): ConfigFile {
  const told = marked === null ? undefined : readMarks(marked);
  // A template that measures or cuts its own text may render to something else with the marks in it.
  const lines = told?.text === text ? told.lines : undefined;
  return {
    path,
    content: Buffer.from(text),
    ...(executable === true ? { executable } : {}),
    source: posix.join(folder, template),
    template: { path: template, ...(lines === undefined ? {} : { lines }) },
  };
}

function explain(error: RenderFailure, texts: Readonly<Record<string, string>>, facts: Facts): Complaint {
  const { missing, message } = error;
  if (missing === undefined)
    return {
      message: `the template does not render: ${message}`,
      ...nextSteps.find(([words]) => words.test(message))?.[1],
    };
  const expression = expressionAt(error, texts)?.[0] ?? missing;
  return {
    message: `"${expression}" is undefined`,
    expected: `a fact of ${facts.name}`,
    hint:
      (expression.includes('.') ? undefined : didYouMean(expression, Object.keys(facts))) ??
      `breakwater facts ${facts.name} --json`,
  };
}

/** What helps with an error of the engine, by the words that it begins with. */
const nextSteps: readonly (readonly [RegExp, Omit<Complaint, 'message'>])[] = [
  [/^No (?:filter|test) named/, { hint: 'those that are there: docs/testing-your-templates.md' }],
  [/^template not found/, { expected: 'a path below the folder, below templates/, or beside the template' }],
];

/** Jinja2 knows the line; where in it what is complained of stands is looked up. */
function placeOf(error: RenderFailure, texts: Readonly<Record<string, string>>): Position {
  if (error.line === null) return fileStart;
  const line = lineOf(error, texts);
  const quoted = /'([^']+)'|: (\S+)$/.exec(error.message);
  const named = quoted === null ? -1 : line.indexOf(quoted[1] ?? quoted[2] ?? '');
  const at = expressionAt(error, texts)?.index ?? (named >= 0 ? named : Math.max(0, line.search(/\{[{%#]/)));
  return { line: error.line, column: at + 1 };
}

/** What is undefined, with what it was looked for in: `interface.ipv4.adress`. */
function expressionAt(
  { missing, ...place }: RenderFailure,
  texts: Readonly<Record<string, string>>,
): RegExpExecArray | undefined {
  if (missing === undefined) return undefined;
  const name = missing.replaceAll(/[^\w]/g, String.raw`\$&`);
  const last = /^\d+$/.test(missing) ? String.raw`\w+\[${name}\]` : String.raw`${name}(?!\w)`;
  const expression = new RegExp(String.raw`(?<![\w.])(?:\w+(?:\[[^\]]*\])?\.)*${last}`);
  return expression.exec(lineOf(place, texts)) ?? undefined;
}

/** As much of a line as a person would read. */
function lineOf({ path, line }: Pick<RenderFailure, 'path' | 'line'>, texts: Readonly<Record<string, string>>): string {
  return texts[path]?.split('\n')[(line ?? 1) - 1]?.slice(0, 1000) ?? '';
}
