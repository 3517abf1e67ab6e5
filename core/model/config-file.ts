import { LabError } from './errors.ts';
import { NodeName } from './ids.ts';

/** A file of a configuration that comes from elsewhere: the project's baseline, a team's own templates. */
export interface ConfigFile {
  /** `pe1/etc/nftables.conf` */
  readonly path: string;
  readonly content: Buffer;
  /** False when left out. */
  readonly executable?: boolean;
  /** Where it was read, for complaints; a template for what was made of it. */
  readonly source?: string;
  /** What it was rendered from. */
  readonly template?: {
    readonly path: string;
    /** For each line, where it comes from: the template itself or one that it includes. */
    readonly lines?: readonly ({ readonly path: string; readonly line: number } | undefined)[];
  };
}

/** A file, or a folder with all that is in it, that a configuration takes away. */
export interface AbsentFile {
  readonly path: string;
  /** The list that says so, and where. */
  readonly source: string;
  readonly line: number;
}

/** A configuration that is laid over another one. */
export interface Overlay {
  readonly files: readonly ConfigFile[];
  readonly absent: readonly AbsentFile[];
}

/** A file that is yet to be rendered from a template. */
export interface TemplateFile {
  /** What is rendered from it: `pe1/etc/nftables.conf`. */
  readonly path: string;
  /** Of the template itself, below its folder: `pe1/etc/nftables.conf.j2`. */
  readonly template: string;
  readonly executable?: boolean;
}

/** A folder that is to be laid over a configuration, as it was read: its templates are not rendered yet. */
export interface OverlaySource extends Overlay {
  readonly folder: string;
  readonly templates: readonly TemplateFile[];
  /** All texts of the folder, the templates among them, by their paths below it: what templates may include. */
  readonly texts: Readonly<Record<string, string>>;
}

/**
 * What daemons and editors leave beside a configuration: saved versions of FRR, journals of BIND, editors'
 * backups, what NFS keeps of a deleted file. None of it is kept in a tree, and a checkout leaves it where it lies.
 */
export const droppings = ['*.sav', '*.sav.*', '*.jnl', '*~', '.*.swp', '.nfs*'] as const;

/**
 * How postmap(1) ends the names of the tables that it compiles, which are droppings too. Many a zone is called so as
 * well (`isp.example.db`), and is text.
 */
export const compiledNames = ['*.db', '*.lmdb'] as const;

const compiled = new RegExp(`^(?:${compiledNames.map(globToPattern).join('|')})$`);

/** Why a file is none that a tree may hold, as far as its content tells. */
export function contentProblem(path: string, content: Buffer): string | undefined {
  if (!compiled.test(path.split('/').at(-1) ?? '') || !content.includes(0)) return undefined;
  return 'this is a compiled table, which is made of its source when the node starts';
}

const dropping = new RegExp(`^(?:${droppings.map(globToPattern).join('|')})$`);

/** Throws a LabError unless `path` names a configuration file: `<node>/etc/…`. */
export function requireConfigPath(path: string): void {
  const problem = configPathProblem(path);
  if (problem === undefined) return;
  throw new LabError('workspace', `${JSON.stringify(path)} is not a configuration file: ${problem}`, {
    hint: 'name a file as <node>/etc/…, such as pe1/etc/nftables.conf',
  });
}

/** Why `path` is none that a tree may hold, or undefined when it is one. */
export function configPathProblem(path: string): string | undefined {
  const parts = path.split('/');
  const name = parts.at(-1) ?? '';
  if (!NodeName.safeParse(parts[0]).success) return 'it does not start with the name of a node';
  if (parts[1] !== 'etc' || parts.length < 3) return 'it does not lie below etc/ of its node';
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return 'it has an empty, "." or ".." part';
  if (parts.some((part) => part.toLowerCase() === '.git')) return '".git" is no name for a configuration';
  // oxlint-disable-next-line no-control-regex -- control characters are what we look for
  if (/[\u0000-\u001f\u007f"\ufffd]/.test(path)) return 'it has a control character or a double quote';
  if (dropping.test(name)) return `files named ${droppings.join(', ')} are what daemons and editors leave behind`;
  return undefined;
}

function globToPattern(glob: string): string {
  return glob.replaceAll('.', '\\.').replaceAll('*', '.*');
}
