import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { z } from 'zod';

import { type CommandResult, exitCodeOfSignal } from '../exec/command.ts';
import { runInUserNamespace } from '../exec/user-namespace.ts';
import type { Image } from '../image/store.ts';
import { LabError } from '../model/errors.ts';
import type { Facts } from '../model/facts.ts';
import { renderContainer, renderScript } from './container.ts';

/** What is to be rendered, in the words of `render.py`. */
export interface RenderRequest {
  /** Every file that may be included, its text by its path. */
  readonly files: Readonly<Record<string, string>>;
  /** The same files with marks that tell where a line comes from. */
  readonly marks: Readonly<Record<string, string>>;
  readonly templates: readonly {
    readonly path: string;
    readonly facts: Facts & Readonly<Record<string, unknown>>;
  }[];
}

export const RenderFailure = z.strictObject({
  message: z.string(),
  /** Of the template it came up in: an included one, perhaps. */
  path: z.string(),
  line: z.number().int().positive().nullable(),
  /** The name or the attribute that is not there. */
  missing: z.string().optional(),
});
export type RenderFailure = z.infer<typeof RenderFailure>;

const Rendered = z.union([
  z.strictObject({ path: z.string(), error: RenderFailure }),
  z.strictObject({
    path: z.string(),
    text: z.string(),
    /** The text with its marks, where the marked files render as well. */
    marked: z.string().nullable(),
  }),
]);
export type Rendered = z.infer<typeof Rendered>;

/** Renders templates, one answer for each in their order; the last answer is a failure when that ended the run. */
export type TemplateEngine = (request: RenderRequest) => Promise<readonly Rendered[]>;

/** What one template may become, the processor time it may take, and how long all of them may take. */
const limits = { characters: 1024 * 1024, templateSeconds: 5, runSeconds: 120 } as const;

/** Of the processor, for a run of so many templates, which takes a second and some milliseconds for each. */
const secondsFor = (templates: number): number => 10 + Math.ceil(templates / 10);

/**
 * Jinja2 with the filters of Ansible, from the node image, in a container of its own for each run.
 * @throws LabError `command-failed` when the container does not come up
 */
export function templateEngine(
  image: Image,
  options: { readonly signal?: AbortSignal | undefined } = {},
): TemplateEngine {
  return async ({ files, marks, templates }) => {
    const request = JSON.stringify({ files, marks, templates, ...limits });
    const bounds = { processorSeconds: secondsFor(templates.length), ...options };
    const { stdout, stderr, exitCode, timedOut } = await runContained(image, await readProgram(), request, bounds);
    const answers = answersIn(stdout).slice(0, templates.length);
    const halted = templates[answers.length];
    if (halted === undefined) return answers;
    if (!timedOut && exitCode < 128)
      throw new LabError('command-failed', `templates cannot be rendered\n${lastLines(stderr)}`, {
        hint: 'breakwater doctor',
      });
    const message = timedOut
      ? `all templates together take longer than ${limits.runSeconds} s`
      : exitCode === exitCodeOfSignal('SIGKILL')
        ? `it takes longer than ${limits.templateSeconds} s`
        : `rendering ended with exit code ${exitCode}`;
    return [...answers, { path: halted.path, error: { message, path: halted.path, line: null } }];
  };
}

/** The container ends with the process that we know: its first one hears no SIGTERM (pid_namespaces(7)). */
const namespaces = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc'] as const;

/** Runs a Python program in the container for templates. */
export async function runContained(
  image: Image,
  program: string,
  input: string,
  { processorSeconds, signal }: { readonly processorSeconds: number; readonly signal?: AbortSignal | undefined },
): Promise<CommandResult> {
  const { script, root, scratch } = renderScript(image);
  const container = renderContainer(root, program, { processorSeconds });
  const words = [image.layers.join(':'), root, scratch, JSON.stringify(container)];
  return runInUserNamespace(['unshare', ...namespaces, '--', 'sh', '-c', script, 'sh', ...words], {
    input,
    timeoutMs: limits.runSeconds * 1000,
    group: true,
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Beside this module, or beside the bundle that it is part of. */
async function readProgram(): Promise<string> {
  return readFile(fileURLToPath(new URL('./render.py', import.meta.url)), 'utf8');
}

/** The program has had the templates in its hands: what it says is not taken for more than text. */
function answersIn(output: string): Rendered[] {
  return output
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const answer = Rendered.safeParse(parse(line));
      if (answer.success) return answer.data;
      throw new LabError('command-failed', 'what rendered the templates gave no answer that can be read');
    });
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-12).join('\n');
}
