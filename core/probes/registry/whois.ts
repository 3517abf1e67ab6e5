import { LabError } from '../../model/errors.ts';
import type { Node } from '../../runtime/runtime.ts';

/** An object of a registry (RPSL, RFC 2622): its attributes in order, names in lower case. */
export interface RegistryObject {
  /** The first attribute: aut-num, inetnum, role … */
  readonly kind: string;
  readonly name: string;
  readonly attributes: readonly (readonly [string, string])[];
}

/** What a whois server said to a question; `undefined` when it said nothing. */
export type WhoisAnswer = string | undefined;

/** Asks from a node, in one program, and returns the answers in the order of the questions. */
export async function askWhois(
  node: Node,
  server: string,
  questions: readonly string[],
  signal: AbortSignal,
): Promise<readonly WhoisAnswer[]> {
  const argv = ['/usr/lib/breakwater/attacks/ask-whois', server, ...questions];
  const { stdout, stderr, exitCode } = await node.exec(argv, { signal });
  const answers = readAnswers(stdout);
  if (exitCode !== 0 || answers.length !== questions.length)
    throw new LabError('command-failed', `ask-whois on ${node.name}: ${stderr.trim() || stdout.trim()}`);
  return answers;
}

/** @throws LabError when whois(1) is not there: then nobody was asked */
export function readAnswers(stdout: string): WhoisAnswer[] {
  return stdout
    .split(/^%%%/m)
    .slice(1)
    .map((part) => {
      const [head = '', ...lines] = part.split('\n');
      const text = lines.join('\n').trim();
      if (head.trim() === '') return text;
      if (/failed to run command|not found/.test(text)) throw new LabError('command-failed', `whois: ${text}`);
      return undefined;
    });
}

/** The objects of an answer. Comments (`%`) and what is not RPSL are passed over. */
export function readObjects(answer: string): RegistryObject[] {
  return answer.split(/\n\s*\n/).flatMap((part) => {
    const attributes: [string, string][] = [];
    for (const line of part.split('\n')) {
      const found = /^([A-Za-z][\w-]*):\s*(.*?)\s*$/.exec(line);
      const last = attributes.at(-1);
      if (found !== null) attributes.push([(found[1] ?? '').toLowerCase(), uncommented(found[2] ?? '')]);
      else if (/^[\s+]/.test(line) && last !== undefined) last[1] = `${last[1]} ${uncommented(line.slice(1))}`.trim();
    }
    const [first] = attributes;
    return first === undefined ? [] : [{ kind: first[0], name: first[1], attributes }];
  });
}

/** What stands behind a # is for people (RFC 2622, section 2). */
function uncommented(value: string): string {
  return value.replace(/\s*#.*/, '').trim();
}

/** Every value of an attribute, each word of a list by itself. */
export function valuesOf(object: RegistryObject, attribute: string): string[] {
  return object.attributes
    .filter(([name]) => name === attribute)
    .flatMap(([, value]) => value.split(/[,\s]+/))
    .filter((word) => word !== '');
}

/** The command that asks by hand. */
export function whoisCommand(node: string, server: string, question: string): string {
  return `breakwater exec ${node} -- whois -h ${server} -- '${question}'`;
}
