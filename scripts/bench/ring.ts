/** A ring of BGP routers, as the files that the appliance reads: what `npm run bench` measures size with. */
export interface Ring {
  /** Text of a containerlab topology. */
  readonly topology: string;
  /** `<node>/etc/…` → content. */
  readonly configs: ReadonlyMap<string, string>;
  readonly nodes: readonly string[];
  /** Each router announces one; all of them have to be everywhere. */
  readonly prefixes: readonly string[];
}

/** From this on there is no private AS number left for `privateAs` and no /31 for `link`. */
const limit = 10_000;

/**
 * `size` routers, each an AS of its own (RFC 6996), with one eBGP session over each of its two links
 * (RFC 3021: /31) and one /32. A ring is the worst shape for BGP: every prefix goes around half of it.
 */
export function drawRing(size: number): Ring {
  if (!Number.isInteger(size) || size < 3 || size > limit)
    throw new RangeError(`a ring of ${size} routers; expected 3 to ${limit}`);
  const routers = Array.from({ length: size }, (_, index) => index);
  return {
    topology: topologyOf(size),
    configs: new Map(
      routers.flatMap((index) => {
        const etc = `${nameOf(index)}/etc`;
        return [
          [`${etc}/frr/daemons`, daemons],
          [`${etc}/frr/frr.conf`, frrConf(index, size)],
          [`${etc}/frr/vtysh.conf`, 'service integrated-vtysh-config\n'],
          [`${etc}/sysctl.d/10-router.conf`, 'net.ipv4.ip_forward = 1\n'],
        ] as const;
      }),
    ),
    nodes: routers.map(nameOf),
    prefixes: routers.map((index) => `${loopbackOf(index)}/32`),
  };
}

function topologyOf(size: number): string {
  const names = Array.from({ length: size }, (_, index) => nameOf(index));
  return [
    `name: ring${size}`,
    'topology:',
    '  defaults:',
    '    kind: linux',
    '    image: breakwater-node:1',
    '    network-mode: none',
    '    cap-add: [NET_ADMIN, NET_RAW, SYS_ADMIN]',
    '    security-opts: [systempaths=unconfined]',
    "    binds: ['configs/__clabNodeName__:/config']",
    '    env: { SERVICES: frr }',
    '  nodes:',
    ...names.map((name) => `    ${name}: {}`),
    '  links:',
    ...names.map((name, index) => `    - { endpoints: ['${name}:right', '${nameOf((index + 1) % size)}:left'] }`),
    '',
  ].join('\n');
}

function frrConf(index: number, size: number): string {
  const [before, after] = [(index + size - 1) % size, (index + 1) % size];
  const neighbors = [
    { at: link(before).left, as: privateAs(before) },
    { at: link(index).right, as: privateAs(after) },
  ];
  return [
    'frr version 10.3',
    'frr defaults traditional',
    `hostname ${nameOf(index)}`,
    'log syslog informational',
    'service integrated-vtysh-config',
    '!',
    'interface left',
    ` ip address ${link(before).right}/31`,
    'exit',
    '!',
    'interface lo',
    ` ip address ${loopbackOf(index)}/32`,
    'exit',
    '!',
    'interface right',
    ` ip address ${link(index).left}/31`,
    'exit',
    '!',
    `router bgp ${privateAs(index)}`,
    ` bgp router-id ${loopbackOf(index)}`,
    ' no bgp ebgp-requires-policy',
    ...neighbors.flatMap(({ at, as }) => [` neighbor ${at} remote-as ${as}`, ` neighbor ${at} timers connect 1`]),
    ' !',
    ' address-family ipv4 unicast',
    `  network ${loopbackOf(index)}/32`,
    ' exit-address-family',
    'exit',
    '!',
    '',
  ].join('\n');
}

const daemons = `bgpd=yes
vtysh_enable=yes
zebra_options="-A 127.0.0.1 -s 90000000"
bgpd_options="-A 127.0.0.1"
staticd_options="-A 127.0.0.1"
`;

function nameOf(index: number): string {
  return `r${index + 1}`;
}

/** The two ends of the link from a router to the next. */
function link(index: number): { left: string; right: string } {
  return { left: address(10, 2 * index), right: address(10, 2 * index + 1) };
}

function loopbackOf(index: number): string {
  return address(172, (16 << 16) + index + 1);
}

function privateAs(index: number): number {
  return 4_200_000_001 + index;
}

function address(network: number, host: number): string {
  return [network, (host >> 16) & 255, (host >> 8) & 255, host & 255].join('.');
}
