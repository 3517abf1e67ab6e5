import { LabError } from '../../model/errors.ts';
import type { Family } from '../../model/plan.ts';
import type { Network } from '../../runtime/runtime.ts';

/** What a web server gave for a URL, to one reader over one address family. */
export interface Page {
  readonly from: string;
  readonly family: Family;
  readonly url: string;
  /** Where it was in the end, behind redirections. */
  readonly readAt: string;
  /** The status of HTTP; 0 when there was none. */
  readonly status: number;
  readonly type: string;
  readonly body: string;
  /**
   * `whole`: the answer came to its end. `refused`: the other side said no in its own words, such as a reset.
   * `lost`: nobody can tell, because the time was over or no packet got through.
   */
  readonly outcome: 'whole' | 'refused' | 'lost';
  /** Why there is no answer, in curl's words. */
  readonly trouble: string;
}

/** Exit codes of curl(1) with which the other side has answered, and not as a web server does. */
const saidNo: ReadonlySet<number> = new Set([35, 47, 52, 56, 63]);

/**
 * Reads a URL as a person's browser does: it looks the name up and follows redirections. The certificate
 * is not verified, because that of the lab is signed by itself.
 * @throws LabError when there is no curl
 */
export async function fetchPage(
  network: Network,
  { from, family, url }: Pick<Page, 'from' | 'family' | 'url'>,
  signal: AbortSignal,
): Promise<Page> {
  const { stdout, stderr, exitCode } = await network.node(from).exec(curlWords(family, url), { signal });
  // 127 and 2 are no answers of anybody: the tool is missing or was called in the wrong way.
  if (exitCode === 127 || exitCode === 2)
    throw new LabError('command-failed', `curl on ${from}: ${stderr.trim() || `exit code ${exitCode}`}`);
  const page = pageIn(stdout, stderr, exitCode, url);
  const unnamed = exitCode === unresolved && (await hasNoAddress(network, from, family, page.readAt, signal));
  return { from, family, url, ...page, ...(unnamed ? { outcome: 'refused' as const } : {}) };
}

/** Exit code of curl(1) when it has no address for a name. */
const unresolved = 6;

/** Whether the DNS says that a host has no address, and is not just silent. */
async function hasNoAddress(
  network: Network,
  from: string,
  family: Family,
  url: string,
  signal: AbortSignal,
): Promise<boolean> {
  const argv = ['dig', '+time=5', '+tries=2', new URL(url).hostname, family === 'v4' ? 'A' : 'AAAA'];
  const { stdout } = await network.node(from).exec(argv, { signal });
  return /status: (?:NXDOMAIN|NOERROR)/.test(stdout);
}

/** What curl told of a page. Pure. */
export function pageIn(
  stdout: string,
  stderr: string,
  exitCode: number,
  url: string,
): Omit<Page, 'from' | 'family' | 'url'> {
  const [, body = '', status = '0', readAt = url, type = ''] = /^([^]*)\n(\d{3}) (\S+) (.*)$/.exec(stdout) ?? [];
  // A host that resets is there; one to which there is no way may be as well.
  const refused = saidNo.has(exitCode) || (exitCode === 7 && /Connection refused/i.test(stderr));
  const [, trouble = ''] = /^curl: \(\d+\) (.*)$/m.exec(stderr) ?? [];
  return {
    readAt,
    status: exitCode === 0 ? Number(status) : 0,
    type,
    body,
    outcome: exitCode === 0 ? 'whole' : refused ? 'refused' : 'lost',
    trouble,
  };
}

export function curlCommand({ from, family, url }: Pick<Page, 'from' | 'family' | 'url'>): string {
  return `breakwater exec ${from} -- curl -ik${family === 'v4' ? '4' : '6'} ${url}`;
}

/** Long enough for a server on a busy machine; a page that takes longer is lost, which is no result. */
const limits = ['--connect-timeout', '15', '--max-time', '30', '--max-redirs', '3', '--max-filesize', '1000000'];

function curlWords(family: Family, url: string): string[] {
  const schemes = ['--proto', '=http,https', '--proto-redir', '=http,https'];
  const told = ['-w', '\n%{http_code} %{url_effective} %{content_type}'];
  // What the kernel said of a connection curl tells only when it tells all.
  return ['curl', '-vSkL', family === 'v4' ? '-4' : '-6', ...limits, ...schemes, ...told, '--', url];
}
