import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Appliance, openAppliance } from '#core/appliance/appliance.ts';
import { openTransientNetwork, type TransientNetwork } from '#core/appliance/transient.ts';
import { loadPlan } from '#core/load/load-plan.ts';
import { loadTopology } from '#core/load/load-topology.ts';
import { addressOf, familyOf } from '#core/model/plan.ts';

import { awaitState } from './await-state.ts';

let appliance: Appliance;
let isp: TransientNetwork;

beforeAll(async () => {
  appliance = await openAppliance('test');
  await appliance.image();
  isp = await openTransientNetwork(appliance, {
    purpose: 'isp-test',
    nodes: [...appliance.topology.nodes.keys()],
    tree: async (workspace) => workspace.importTree(await appliance.baseline()),
  });
}, 600_000);

afterAll(async () => isp?.close());

async function run(node: string, ...argv: string[]): Promise<string> {
  const result = await isp.network.node(node).exec(argv, { timeoutMs: 30_000 });
  return result.stdout + result.stderr;
}

async function vtysh<T>(node: string, command: string): Promise<T> {
  return JSON.parse(await run(node, 'vtysh', '-c', `${command} json`)) as T;
}

const topologyFolder = join(import.meta.dirname, '../../topologies/isp');
const plan = loadPlan(join(topologyFolder, 'plan.yml'), loadTopology(join(topologyFolder, 'isp.clab.yml')));
const routers = Object.keys(plan.nodes).filter((name) => plan.nodes[name]?.bgp.length !== 0);
const machines = Object.keys(plan.nodes).filter((name) => plan.nodes[name]?.side !== 'fabric');

describe('the plan', () => {
  test.for(machines)('says every address that %s has, and no other', async (name) => {
    const { loopback = [], interfaces = {} } = plan.nodes[name] ?? {};
    const planned = [
      ...loopback.map((address) => `lo ${address}/${familyOf(address) === 'v4' ? 32 : 128}`),
      ...Object.entries(interfaces).flatMap(([at, { addresses }]) => addresses.map((it) => `${at} ${it}`)),
    ];
    expect(await globalAddresses(name)).toEqual(planned.toSorted());
  });

  test.for(machines)('says the names of %s as the resolver does', async (node) => {
    const names = plan.nodes[node]?.names ?? [];
    expect(names).not.toEqual([]);
    for (const name of names) {
      expect(await run('a1', 'dig', '+short', name, 'A')).toBe(`${addressOf(plan, node, 'v4')}\n`);
      expect(await run('a1', 'dig', '+short', name, 'AAAA')).toBe(`${addressOf(plan, node, 'v6')}\n`);
    }
  });
});

describe('routing', () => {
  test.for(routers)('of %s has every BGP session of the plan, and no other', async (name) => {
    const summary = await vtysh<Record<string, { peers: Record<string, { state: string }> }>>(name, 'show bgp summary');
    const seen = Object.values(summary).flatMap(({ peers }) =>
      Object.entries(peers).map(([address, { state }]) => [address, state === 'Established'] as const),
    );
    // A neighbour that is not installed yet is configured, and not there.
    const planned = (plan.nodes[name]?.bgp ?? []).flatMap(({ node, addresses }) =>
      addresses.map((address) => [address, node in plan.nodes] as const),
    );
    expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(planned));
  });

  test.for(routers)('of %s authenticates every BGP session', async (name) => {
    const sockets = (await run(name, 'ss', '-Htin', 'state', 'established', '( sport = :179 or dport = :179 )'))
      .split(/\n(?=\S)/)
      .filter((socket) => socket.trim() !== '');
    expect(sockets).not.toEqual([]);
    for (const socket of sockets) expect(socket).toContain('md5keys:');
  });

  test('has OSPF neighbours in the core only, Full and authenticated', async () => {
    const core = { br1: ['to_p1'], p1: ['to_br1', 'to_pe1'], pe1: ['to_p1'] };
    for (const [name, interfaces] of Object.entries(core)) {
      // A neighbour that began with another router id is forgotten after the dead interval.
      await awaitState(async () => {
        const four = await vtysh<{ neighbors: Record<string, { nbrState: string; ifaceName: string }[]> }>(
          name,
          'show ip ospf neighbor',
        );
        const six = await vtysh<{ neighbors: { state: string; interfaceName: string }[] }>(
          name,
          'show ipv6 ospf6 neighbor',
        );
        const seen4 = Object.values(four.neighbors).flat();
        expect(seen4.map((it) => `${it.ifaceName.split(':')[0]} ${it.nbrState}`).toSorted()).toEqual(
          interfaces.map((it) => `${it} Full/-`),
        );
        expect(six.neighbors.map((it) => `${it.interfaceName} ${it.state}`).toSorted()).toEqual(
          interfaces.map((it) => `${it} Full`),
        );
      });
      for (const at of interfaces) {
        expect(await run(name, 'vtysh', '-c', `show ip ospf interface ${at}`)).toContain(
          'Cryptographic authentication',
        );
        expect(await run(name, 'vtysh', '-c', `show ipv6 ospf6 interface ${at}`)).toContain(
          'Authentication Trailer is enabled',
        );
      }
    }
  });

  test('tells the world the aggregates and customer B, nothing of the inside', async () => {
    expect(await prefixesFrom('transit', '64496')).toEqual(['192.0.2.0/24', '2001:db8:510::/48', '2001:db8::/40']);
    expect(await prefixesFrom('peer1', '64496')).toEqual(['192.0.2.0/24', '2001:db8:510::/48', '2001:db8::/40']);
  });

  test.for(['remote', 'a1', 'ceb'])('lets %s reach every host in both families', async (from) => {
    const targets = Object.entries(plan.nodes)
      .filter(([name, node]) => name !== from && node.side !== 'fabric' && node.loopback.length === 0)
      .flatMap(([name]) => [addressOf(plan, name, 'v4'), addressOf(plan, name, 'v6')])
      .filter((address) => address !== undefined);
    expect(targets.length).toBeGreaterThan(20);
    for (const family of ['v4', 'v6'] as const) {
      const own = addressOf(plan, from, family) ?? '';
      const aimed = targets.filter((address) => familyOf(address) === family);
      expect(await run(from, 'fping', '-u', '-r', '5', '-t', '300', '-S', own, ...aimed)).toBe('');
    }
  });

  test.for(routers)('of %s is written as `write memory` writes it', async (name) => {
    const shipped = (await appliance.baseline()).find(({ path }) => path === `${name}/etc/frr/frr.conf`);
    await run(name, 'vtysh', '-c', 'write memory');
    expect(await run(name, 'cat', '/etc/frr/frr.conf')).toBe(String(shipped?.content));
  });
});

describe('names', () => {
  test('are looked up for customers, also when the answer needs TCP', async () => {
    for (const server of ['192.0.2.3', '2001:db8:0:1::3']) {
      const answer = await run('a1', 'dig', `@${server}`, 'big.remote.example', 'TXT');
      expect(answer).toContain('status: NOERROR');
      expect(answer).toContain('(TCP)');
    }
    expect(await run('evil', 'dig', '@192.0.2.3', 'www.remote.example')).toContain('status: REFUSED');
  });

  test('are answered with authority to everybody, and nothing is looked up', async () => {
    for (const server of ['192.0.2.2', '2001:db8:0:1::2']) {
      expect(await run('evil', 'dig', `@${server}`, 'isp.example', 'MX')).toMatch(
        /flags: qr aa rd;[^]*mx\.isp\.example/,
      );
      const outside = await run('evil', 'dig', `@${server}`, 'www.remote.example');
      expect(outside).toContain('status: REFUSED');
      expect(outside).not.toMatch(/flags:[^;]* ra/);
    }
  });

  const zones = ['isp.example', 'cust-a.example', '2.0.192.in-addr.arpa', '0.0.8.b.d.0.1.0.0.2.ip6.arpa'];

  test.for(zones)('of %s are copied by the secondary, and by nobody else', async (zone) => {
    const soa = await run('evil', 'dig', '+short', '@192.0.2.2', zone, 'SOA');
    expect(soa).toContain('hostmaster.isp.example.');
    await awaitState(async () => {
      const answer = await run('evil', 'dig', '@198.51.100.10', '+norecurse', zone, 'SOA');
      expect(answer).toMatch(/flags: qr aa/);
      expect(answer.replaceAll(/\s+/g, ' ')).toContain(soa.trim());
    });
    for (const [from, server] of [
      ['evil', '192.0.2.2'],
      ['evil', '198.51.100.10'],
      ['remote', '192.0.2.2'],
      ['remote', '2001:db8:0:1::2'],
    ] as const)
      expect(await run(from, 'dig', `@${server}`, zone, 'AXFR')).toContain('Transfer failed.');
  });
});

describe('mail', () => {
  test.for([
    ['evil', '192.0.2.4', 'alice@isp.example', 'mx', 'alice'],
    ['evil', '2001:db8:0:1::4', 'abuse@isp.example', 'mx', 'bob'],
    ['evil', '192.0.2.4', 'carol@cust-a.example', 'a1', 'carol'],
    ['remote', '2001:db8:a:1::130', 'dave@cust-a.example', 'a1', 'dave'],
  ] as const)('from %s over %s to %s arrives', async ([from, server, to, at, mailbox]) => {
    const nonce = randomUUID();
    const said = await swaks(from, server, nonce, '--from', 'somebody@evil.example', '--to', to);
    expect(said).toMatch(/<- +250 .*queued/);
    await awaitMail(at, mailbox, nonce);
  });

  test('is read over TLS', async () => {
    const folder = await run('remote', 'curl', '-sk', '--user', 'alice:alice-lab', 'imaps://mx.isp.example/');
    expect(folder).toContain('INBOX');
  });

  test.for(['192.0.2.4', '2001:db8:0:1::4'])('of a user who logs in at %s leaves for the world', async (server) => {
    for (const from of ['a1', 'remote']) {
      const nonce = randomUUID();
      const login = ['--port', '587', '--tls', '--auth', 'PLAIN', '--auth-user', 'alice', '--auth-password'];
      const letter = ['--from', 'alice@isp.example', '--to', 'victim@remote.example'];
      expect(await swaks(from, server, nonce, ...login, 'alice-lab', ...letter)).toMatch(/<~ +250 .*queued/);
      await awaitMail('remote', 'victim', nonce);
      expect(await swaks(from, server, nonce, ...login, 'wrong', ...letter)).toMatch(/<~\* 535/);
      expect(await swaks(from, server, nonce, ...letter)).toMatch(/<\*\* 554 .*Relay access denied/);
    }
  });
});

describe('the web', () => {
  test.for(['-4', '-6'])('is read over TLS by everybody (%s), whatever scheme they begin with', async (family) => {
    for (const from of ['remote', 'a1']) {
      const page = await run(from, 'curl', '-skL', family, 'http://www.isp.example/');
      expect(page).toContain('<h1>Example ISP</h1>');
    }
  });

  test('has no files but its own, and nothing that begins with a dot', async () => {
    for (const path of ['/../passwd', '/.git/config', '/index.html~'])
      expect(await run('evil', 'curl', '-sk', '--path-as-is', `https://www.isp.example${path}`)).toMatch(/40[04]/);
  });
});

describe('the registry', () => {
  test.for(['192.0.2.9', '2001:db8:0:1::9'])('tells everybody at %s whose an address is', async (server) => {
    expect(await run('evil', 'whois', '-h', server, '192.0.2.130')).toMatch(
      /netname: +CUSTOMER-A[^]*hostmaster@cust-a/,
    );
    expect(await run('a1', 'whois', '-h', server, '2001:db8:b::1')).toMatch(/netname: +CUSTOMER-B[^]*noc@cust-b/);
  });

  test('has objects that it can read, and the keys that its maintainers name', async () => {
    const maintainers = await run('irr', 'cat', '/etc/registry/maintainers.rpsl');
    const named = [...maintainers.matchAll(/^auth: +(PGPKEY-\w+)$/gm)].map((it) => it[1]);
    const registered = [...maintainers.matchAll(/^key-cert: +(PGPKEY-\w+)$/gm)].map((it) => it[1]);
    expect(named.toSorted()).toEqual(registered.toSorted());
  });
});

describe('operations', () => {
  test.for(['noc', 'log'])('at %s see what routers and servers log', async (collector) => {
    for (const [node, address] of [
      ['br1', '192.0.2.49'],
      ['mx', '192.0.2.4'],
    ] as const) {
      const nonce = randomUUID();
      await run(node, 'logger', '-t', 'test', nonce);
      await awaitState(async () =>
        expect(await run(collector, 'cat', `/var/log/remote/${address}.log`)).toContain(nonce),
      );
    }
  });

  test('administer every machine by key, and each has a host key of its own', async () => {
    const administrators = {
      netadm: ['br1', 'p1', 'pe1', 'lg', 'log'],
      dnsadm: ['ns1', 'res1'],
      mailadm: ['mx'],
      webadm: ['www'],
    };
    const hostKeys = new Set<string>();
    for (const [user, nodes] of Object.entries(administrators)) {
      for (const node of nodes) {
        const login = ['-i', `/etc/ssh/${user}.key`, `${user}@${addressOf(plan, node, 'v6')}`, 'uname -n'];
        expect(await run('noc', 'ssh', '-q', '-o', 'BatchMode=yes', ...login)).toBe(`${node}\n`);
        hostKeys.add(await run(node, 'cat', '/var/lib/ssh/ssh_host_ed25519_key.pub'));
      }
    }
    expect(hostKeys.size).toBe(Object.values(administrators).flat().length);
  });

  test('keep the port of the looking glass on the exchange LAN down', async () => {
    expect(await run('lg', 'ip', '-br', 'link', 'show', 'eth1')).toMatch(/DOWN/);
  });
});

/** `to_p1 10.0.0.1/30`, sorted; link-local and loopback addresses are nobody's plan. */
async function globalAddresses(node: string): Promise<string[]> {
  const interfaces = JSON.parse(await run(node, 'ip', '-j', 'address', 'show')) as {
    ifname: string;
    addr_info: { local: string; prefixlen: number; scope: string }[];
  }[];
  return interfaces
    .flatMap(({ ifname, addr_info }) =>
      addr_info
        .filter(({ scope }) => scope === 'global')
        .map(({ local, prefixlen }) => `${ifname} ${local}/${prefixlen}`),
    )
    .toSorted();
}

/** Prefixes that `node` knows by a path that begins with `as`. */
async function prefixesFrom(node: string, as: string): Promise<string[]> {
  const found: string[] = [];
  for (const family of ['ipv4', 'ipv6']) {
    const { routes } = await vtysh<{ routes: Record<string, { path: string }[]> }>(node, `show bgp ${family} unicast`);
    for (const [prefix, paths] of Object.entries(routes))
      if (paths.some(({ path }) => path.split(' ')[0] === as)) found.push(prefix);
  }
  return found.toSorted();
}

async function swaks(from: string, server: string, nonce: string, ...argv: string[]): Promise<string> {
  return run(
    from,
    'swaks',
    '--server',
    server,
    '--body',
    nonce,
    '--helo',
    `${from}.example`,
    '--timeout',
    '10',
    ...argv,
  );
}

async function awaitMail(node: string, mailbox: string, nonce: string): Promise<void> {
  await awaitState(async () =>
    expect(await run(node, 'grep', '-rl', nonce, `/var/mail/virtual/${mailbox}/new`)).toContain(mailbox),
  );
}

// Last, because it takes the configuration away from under a router.
describe('a router whose mgmtd dropped what it had for others', () => {
  const interfaceOf = (): Promise<string> => run('br1', 'ip', '-br', 'address', 'show', 'ixp0');

  test('gets its configuration once more', async () => {
    await run('br1', 'vtysh', '-c', 'configure', '-c', 'interface ixp0', '-c', 'no ip address 100.64.50.1/24');
    await awaitState(async () => expect(await interfaceOf()).not.toContain('100.64.50.1/24'));
    await run('br1', '/usr/lib/breakwater/complete-frr');
    expect(await interfaceOf()).toContain('100.64.50.1/24');
  });

  test('is started anew when it takes nothing more', async () => {
    await run('br1', 'vtysh', '-c', 'configure', '-c', 'interface ixp0', '-c', 'no ip address 100.64.50.1/24');
    await awaitState(async () => expect(await interfaceOf()).not.toContain('100.64.50.1/24'));
    await run('br1', 'pkill', '-STOP', '-x', 'mgmtd');
    await run('br1', '/usr/lib/breakwater/complete-frr');
    expect(await interfaceOf()).toContain('100.64.50.1/24');
  });
});
