import { type Daemon, linesOf, place, type Said } from './daemon.ts';

/**
 * sysctl(8) goes on after a key that there is not and a value that the kernel does not take. Keys outside of
 * what each network namespace has for itself may be a matter of the node and not of the file: those are warnings.
 */
export const sysctl: Daemon = {
  name: 'sysctl',
  where: '[ -e /etc/sysctl.conf ] || ls /etc/sysctl.d/*.conf >/dev/null 2>&1',
  questions: {
    check: 'sysctl --dry-run --system 2>&1 >/dev/null',
    // Of a key that there is not, sysctl says nothing when it reads all files of the system.
    keys: `sed -nE 's|^[[:space:]]*-?([a-z][^=*[:space:]]*)[[:space:]]*=.*|\\1|p' /etc/sysctl.conf /etc/sysctl.d/*.conf 2>/dev/null | sort -u | while read -r key; do
      case $key in */*) ;; *) key=$(echo "$key" | tr . /) ;; esac
      [ -e "/proc/sys/$key" ] || echo "sysctl: cannot stat /proc/sys/$key: No such file or directory"; done`,
    said: 'said sysctl.d /etc/sysctl.conf /etc/sysctl.d',
    lines: 'grep -nE "^[^#;]*[./=]" /etc/sysctl.conf /etc/sysctl.d/*.conf /dev/null 2>/dev/null',
    links: 'ls /sys/class/net',
  },
  read: (answer) => {
    const lines = linesOf(answer('lines')).map(readSource);
    const links = new Set(['all', 'default', ...linesOf(answer('links'))]);
    const said = ['check', 'keys', 'said']
      .flatMap((question) => linesOf(answer(question)))
      .flatMap((text) => readLine(text, lines, links));
    return said.filter((it, index) => said.findIndex((other) => other.message === it.message) === index);
  },
};

interface Source {
  readonly file: string;
  readonly line: string;
  readonly key: string;
  /** `-key = value`: its author says that a failure does not matter. */
  readonly forgiven: boolean;
}

function readSource(text: string): Source {
  const [, file = '', line = '', dash = '', key = ''] = /^(\S+?):(\d+):\s*(-?)\s*([^=\s]*)/.exec(text) ?? [];
  return { file, line, key: dotted(key), forgiven: dash !== '' };
}

/** Keys may be written with slashes (sysctl(8)); an interface with a dot in its name then has a slash. */
function dotted(key: string): string {
  return key.replace(/^\/?(?:proc\/sys\/)?/, '').replaceAll('/', '.');
}

function readLine(text: string, lines: readonly Source[], links: ReadonlySet<string>): Said[] {
  const words = text.replace(/^sysctl: /, '');
  const [, file, line, wrong] = /^(\S+)\((\d+)\): (invalid syntax)/.exec(words) ?? [];
  if (wrong !== undefined) return [{ severity: 'refused', file: file ?? '', ...place(line), message: wrong }];
  const [, path, setting] =
    /^cannot stat (\/\S+):|^(?:setting|permission denied on|reading) key "?([^":\s]+)/.exec(words) ?? [];
  const key = dotted(path ?? setting ?? '');
  if (key === '') return [];
  const source = lines.findLast((it) => it.key === key);
  const [, link] = /^net\.ipv[46]\.(?:conf|neigh)\.(.+)\.\w+$/.exec(key) ?? [];
  const ours = link === undefined ? path === undefined && /^net\.ipv[46]\./.test(key) : links.has(link);
  return [
    {
      severity: ours && source?.forgiven !== true ? 'refused' : 'warning',
      file: source?.file ?? '/etc/sysctl.d',
      ...place(source?.line),
      message: words,
    },
  ];
}
