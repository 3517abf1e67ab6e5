import { LabError } from '../../model/errors.ts';
import type { Family } from '../../model/plan.ts';
import type { Network } from '../../runtime/runtime.ts';

/** What a web server gave for a URL, to one reader over one address family. */
export interface Page {
  readonly from: string;
  readonly family: Family;
  readonly url: string;
  /** The status of HTTP; 0 when nobody answered. */
  readonly status: number;
  readonly type: string;
  readonly body: string;
  /** Why nobody answered, in curl's words. */
  readonly trouble: string;
}

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
  const [, body = '', status = '0', type = ''] = /^([^]*)\n(\d{3}) (.*)$/.exec(stdout) ?? [];
  // 127 and 2 are no answers of anybody: the tool is missing or was called in the wrong way.
  if (exitCode === 127 || exitCode === 2)
    throw new LabError('command-failed', `curl on ${from}: ${stderr.trim() || `exit code ${exitCode}`}`);
  return { from, family, url, status: Number(status), type, body, trouble: stderr.trim() };
}

export function curlCommand({ from, family, url }: Pick<Page, 'from' | 'family' | 'url'>): string {
  return `breakwater exec ${from} -- curl -ik${family === 'v4' ? '4' : '6'} ${url}`;
}

function curlWords(family: Family, url: string): string[] {
  const limits = ['--connect-timeout', '4', '--max-time', '8', '--max-redirs', '3', '--max-filesize', '1000000'];
  const schemes = ['--proto', '=http,https', '--proto-redir', '=http,https'];
  const told = ['-w', '\n%{http_code} %{content_type}'];
  return ['curl', '-sSkL', family === 'v4' ? '-4' : '-6', ...limits, ...schemes, ...told, '--', url];
}
