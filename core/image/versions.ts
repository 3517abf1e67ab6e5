import { join } from 'node:path';

import { mustRunInUserNamespace } from '../exec/user-namespace.ts';
import type { Image } from './store.ts';

/** A daemon or tool of the image, by the name that people use, and the upstream version that it has there. */
export interface ImageVersion {
  readonly name: string;
  readonly package: string;
  /** Upstream's, without Debian's epoch and revision: `10.3`, `9.20.30`. */
  readonly version: string;
}

/** What labs and documents speak of by version, and its Debian package. */
const packages: Readonly<Record<string, string>> = {
  FRR: 'frr',
  BIND: 'bind9',
  Postfix: 'postfix',
  Dovecot: 'dovecot-core',
  OpenSSH: 'openssh-server',
  nginx: 'nginx',
  rsyslog: 'rsyslog',
  nftables: 'nftables',
  OpenSSL: 'openssl',
  ExaBGP: 'exabgp',
  nmap: 'nmap',
};

/** The versions in an image that was built or imported, from its own list of packages (dpkg(1), /var/lib/dpkg/status). */
export async function versionsOf(image: Image): Promise<ImageVersion[]> {
  const files = image.layers.map((layer) => join(layer, 'var', 'lib', 'dpkg', 'status'));
  const script = 'for file; do [ ! -f "$file" ] || { cat "$file"; exit; }; done';
  const { stdout } = await mustRunInUserNamespace(['sh', '-c', script, 'sh', ...files]);
  return parseVersions(stdout);
}

/** Reads dpkg's status file. Pure. What is not installed is left out. */
export function parseVersions(status: string): ImageVersion[] {
  const installed = new Map(
    status.split('\n\n').map((paragraph) => {
      const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(paragraph)?.[1] ?? '';
      return [field('Package'), field('Version')] as const;
    }),
  );
  return Object.entries(packages).flatMap(([name, packageName]) => {
    const version = installed.get(packageName);
    return version === undefined ? [] : [{ name, package: packageName, version: upstreamOf(version) }];
  });
}

/** `1:2.4.1+dfsg1-6+deb13u7` → `2.4.1`, `1:10.0p1-7` → `10.0p1` (deb-version(7)). */
function upstreamOf(version: string): string {
  return version
    .replace(/^\d+:/, '')
    .replace(/-[^-]*$/, '')
    .replace(/\+.*$/, '');
}
