import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Appliance, openAppliance } from '#core/appliance/appliance.ts';
import { diagnose } from '#core/appliance/diagnose.ts';
import { openTransientNetwork, type TransientNetwork } from '#core/appliance/transient.ts';
import { treesOf } from '#core/appliance/trees.ts';
import { forgetClients } from '#core/daemons/forget.ts';
import { type DaemonDiagnostic, formatDaemonDiagnostic, refusalsIn } from '#core/model/daemon-diagnostic.ts';

let appliance: Appliance;
let isp: TransientNetwork;

beforeAll(async () => {
  appliance = await openAppliance('test');
  await appliance.image();
  isp = await openTransientNetwork(appliance, {
    purpose: 'daemons-test',
    nodes: [...appliance.topology.nodes.keys()],
    tree: async (workspace) => workspace.importTree(await appliance.baseline()),
  });
}, 600_000);

afterAll(async () => isp?.close());

describe('nobody refuses what the project lays out', () => {
  test('the baseline', async () => {
    expect(refusalsIn(await diagnose(isp.network, {})).map(formatDaemonDiagnostic)).toEqual([]);
  });

  // Which the daemons that run on them are asked about as they lie there: nothing is applied.
  test('the start and each other right fix of every lab', async () => {
    const { network, workspace } = isp;
    const { baseline } = await treesOf(appliance, workspace, undefined);
    const refused: string[] = [];
    for (const lab of appliance.labs.values()) {
      const { start } = await treesOf(appliance, workspace, lab);
      const trees = new Map([['start', start]]);
      for (const patch of lab.accept) trees.set(`accept/${patch.name}`, await workspace.applyPatch(start, patch));
      for (const [name, tree] of trees) {
        const changes = await workspace.checkout(tree, name);
        const nodes = [...new Set(changes.map((it) => it.path.split('/')[0] ?? ''))];
        await Promise.all(nodes.map((node) => network.node(node).exec(['/usr/lib/breakwater/link-config'])));
        const found = refusalsIn(await diagnose(network, { nodes })).filter((it) => it.severity === 'refused');
        refused.push(...found.map((it) => `${lab.id} ${name}: ${formatDaemonDiagnostic(it)}`));
      }
    }
    await workspace.checkout(baseline, 'back');
    expect(refused).toEqual([]);
  }, 600_000);
});

test('a daemon that is being restarted for its copies of zones is not down', async () => {
  const remote = isp.network.node('remote');
  await remote.exec(['sh', '-c', 'pkill -KILL -x named; while pgrep -x named; do :; done']);
  const [said] = await Promise.all([
    diagnose(isp.network, { nodes: ['remote'] }),
    remote.exec(['sh', '-c', 'sleep 1; service named start']),
  ]);
  expect(said.filter((it) => it.severity === 'down')).toEqual([]);
});

test('Postfix forgets its clients, and the logins of Dovecot go on', async () => {
  const { network } = isp;
  const anvilsOf = async (user: string): Promise<string> =>
    (await network.node('mx').exec(['pgrep', '-x', '-u', user, 'anvil'])).stdout;
  await network
    .node('remote')
    .exec(['bash', '-c', 'exec 3<>/dev/tcp/192.0.2.4/25 && head -n 1 <&3 && printf "QUIT\\r\\n" >&3 && cat <&3']);
  const [counting, logins] = [await anvilsOf('postfix'), await anvilsOf('root')];
  expect([counting, logins]).toEqual([expect.stringMatching(/^\d+$/m), expect.stringMatching(/^\d+$/m)]);
  await forgetClients(network, ['mx']);
  expect(await anvilsOf('root')).toBe(logins);
  expect((await anvilsOf('postfix')).split('\n')).not.toContain(counting.trim());
});

test('postfwd forgets what an account has sent', async () => {
  const request =
    'request=smtpd_access_policy\\nprotocol_state=END-OF-MESSAGE\\nsasl_username=alice\\nrecipient_count=40\\n\\n';
  const ask = async (): Promise<string> =>
    (
      await isp.network
        .node('mx')
        .exec(['bash', '-c', `exec 3<>/dev/tcp/127.0.0.1/10040 && printf '${request}' >&3 && head -n 1 <&3`])
    ).stdout;
  await ask();
  expect(await ask()).toContain('alice has sent to 60 recipients');
  await forgetClients(isp.network, ['mx']);
  expect(await ask()).not.toContain('recipients within a minute');
});

/** One slip of each kind, and what has to be said of it, in the words of the daemon. */
const slips: readonly {
  readonly file: string;
  readonly slip: readonly [from: string | RegExp, to: string];
  readonly said: Partial<DaemonDiagnostic> & { readonly message: unknown };
}[] = [
  {
    file: 'br1/etc/frr/frr.conf',
    slip: [' match ip address prefix-list BOGONS4', ' match ip-address prefix-list BOGONS4'],
    said: {
      daemon: 'frr',
      severity: 'refused',
      line: expect.any(Number),
      message: 'Unknown command: match ip-address prefix-list BOGONS4',
    },
  },
  {
    file: 'pe1/etc/nftables.conf',
    slip: ['flush ruleset', 'flush chain ip raw global_rpfilter'],
    said: { daemon: 'nftables', severity: 'refused', column: 16, message: expect.stringContaining('No such file') },
  },
  {
    file: 'ns1/etc/bind/named.conf.options',
    slip: ['recursion no;', 'recursion no;\n\tdnssec-enable yes;'],
    said: { daemon: 'named', severity: 'down', message: "option 'dnssec-enable' no longer exists" },
  },
  {
    file: 'ns1/etc/bind/named.conf.options',
    slip: ['allow-transfer { none; };', 'allow-transfer { friends; };'],
    said: { daemon: 'named', severity: 'down', message: expect.stringContaining("'friends'") },
  },
  {
    file: 'ns1/etc/bind/zones/isp.example',
    slip: [/$/, 'broken IN A 192.0.2\n'],
    said: { daemon: 'named', severity: 'refused', message: expect.stringContaining('bad dotted quad') },
  },
  {
    file: 'mx/etc/postfix/main.cf',
    slip: [/$/, 'smtpd_helo_requird = yes\n'],
    said: { daemon: 'postfix', severity: 'warning', message: 'unused parameter: smtpd_helo_requird=yes' },
  },
  {
    file: 'mx/etc/postfix/main.cf',
    slip: [/$/, 'header_checks = regexp:/etc/postfix/absent\n'],
    said: {
      daemon: 'postfix',
      severity: 'refused',
      file: 'mx/etc/postfix/absent',
      message: expect.stringContaining('No such file'),
    },
  },
  {
    file: 'mx/etc/postfix/main.cf',
    slip: [/^smtpd_recipient_restrictions = .*$/m, 'smtpd_recipient_restrictions = reject_unath_destination'],
    said: { daemon: 'postfix', severity: 'refused', message: 'unknown smtpd restriction: "reject_unath_destination"' },
  },
  {
    file: 'mx/etc/dovecot/dovecot.conf',
    slip: [/$/, 'mail_location = maildir:~/Maildir\n'],
    said: { daemon: 'dovecot', severity: 'refused', message: expect.stringContaining('mail_location') },
  },
  {
    file: 'mx/etc/ssh/sshd_config',
    slip: [/$/, 'PermitRootLogn no\n'],
    said: { daemon: 'sshd', severity: 'refused', message: 'Bad configuration option: PermitRootLogn' },
  },
  {
    file: 'www/etc/nginx/nginx.conf',
    slip: ['server_tokens off;', 'server_tokns off;'],
    said: { daemon: 'nginx', severity: 'refused', message: 'unknown directive "server_tokns"' },
  },
  {
    file: 'www/etc/rsyslog.d/10-operations.conf',
    slip: [/$/, '\nif $programname == "x" thn stop\n'],
    said: { daemon: 'rsyslog', severity: 'refused', message: expect.stringContaining("'thn'") },
  },
  {
    file: 'www/etc/sysctl.d/10-host.conf',
    slip: [/$/, 'net.ipv4.conf.all.rp_fliter = 1\n'],
    said: { daemon: 'sysctl', severity: 'refused', message: expect.stringContaining('rp_fliter') },
  },
  {
    file: 'www/etc/network/interfaces',
    slip: ['inet static', 'inet sttic'],
    said: { daemon: 'ifupdown', severity: 'refused', message: expect.stringContaining('no method') },
  },
];

describe('a slip is told in the words of the daemon, in the file of its author', () => {
  test.for(slips)('$file: $said.message', async ({ file, slip: [from, to], said }) => {
    const { network, workspace } = isp;
    const [node = '', , name = ''] = file.split('/');
    const { content, blob } = await workspace.readFile(file);
    const apply = (): Promise<unknown> =>
      network.node(node).exec(['/usr/lib/breakwater/apply', name], { timeoutMs: 60_000 });
    const wrong = content.replace(from, to);
    expect(wrong).not.toBe(content);
    const written = await workspace.writeFile(file, wrong, blob);
    try {
      await apply();
      expect(await diagnose(network, { nodes: [node] })).toContainEqual(
        expect.objectContaining({ node, file, ...said }),
      );
    } finally {
      await workspace.writeFile(file, content, written.blob);
      await apply();
    }
    expect(refusalsIn(await diagnose(network, { nodes: [node] })).map(formatDaemonDiagnostic)).toEqual([]);
  });
});
