import type { Control } from '#core/model/control.ts';
import type { Attempt, Evidence } from '#core/model/observation.ts';
import { type Finding, type LabResult, Run } from '#core/model/run.ts';

/** Every verdict, a canary, a check that was not tried, and a mend that a restart lost. */
export const sampleRun: Run = Run.parse({
  schema: 'breakwater.run/1',
  id: '20261121T213000Z-3f9a',
  tool: 'breakwater 0.1.0',
  topology: 'isp',
  runtime: 'rootless',
  subject: 'workspace',
  seed: 2864434397,
  startedAt: '2026-11-21T21:30:00.000Z',
  durationMs: 14_230,
  interrupted: false,
  diagnostics: [],
  verdict: 'error',
  labs: [ingressSource(), bgpAuthentication(), openRelay(), noRecursion()],
} satisfies Run);

export const passedRun: Run = Run.parse({
  ...sampleRun,
  verdict: 'pass',
  durationMs: 2840,
  labs: sampleRun.labs
    .slice(1, 2)
    .map((lab) => ({ ...lab, verdict: 'pass', persistence: 'kept', afterRestart: lab.findings })),
});

export const interruptedRun: Run = Run.parse({
  ...sampleRun,
  interrupted: true,
  labs: sampleRun.labs.slice(0, 1),
  verdict: 'fail',
});

export const sampleControls: Control[] = [
  control(
    'filtering/ingress-source',
    'Source-address ingress filter at each customer boundary',
    ['RFC3013 §4.3', 'draft §5.7'],
    'advice',
    'BCP 38 (RFC 2827), BCP 84 (RFC 3704, RFC 8704), MANRS action 2',
  ),
  control(
    'routing/bgp-authentication',
    'BGP sessions to peers are authenticated',
    ['RFC3013 §4.2', 'draft §5.6'],
    'SHOULD',
    'RFC 5925 TCP-AO, RFC 7454, RFC 5082 GTSM',
  ),
  control(
    'mail/open-relay',
    'Mail infrastructure is not an open relay',
    ['RFC3013 §5.3', 'draft §8.3'],
    'advice',
    'RFC 5321 §7, BCP 30, RFC 6409',
  ),
  control(
    'dns/auth-no-recursion',
    'Authoritative servers: recursion disabled',
    ['draft §7.2'],
    'advice',
    'RFC 5358 (BCP 140), RFC 9199',
  ),
  control(
    'dns/auth-axfr',
    'Zone transfer from authoritative servers is restricted',
    ['draft §7.2'],
    'advice',
    'RFC 5936, RFC 8945 TSIG, RFC 9103 XoT',
  ),
  control('filtering/egress-source', 'No forged sources leave the network', ['RFC3013 §4.4'], 'advice', 'BCP 38'),
];

function ingressSource(): LabResult {
  const forged = (label: string, family: 'v4' | 'v6', succeeded: boolean, source: string): Attempt =>
    attempt({
      label,
      family,
      from: 'ceb',
      to: 'remote',
      sent: true,
      succeeded,
      seen: succeeded
        ? `5 of 5 packets left ceb and were captured on remote:eth0 with source ${source}`
        : `5 of 5 packets left ceb, none was captured on remote:eth0`,
      repeat: `breakwater exec ceb -- nping${family === 'v6' ? ' -6' : ''} --udp -p 9 -S ${source} -c 5 ${family === 'v6' ? '2001:db8:500:1::10' : '198.51.100.10'}`,
    });
  const lab = 'filtering/ingress-source';
  const findings = [
    finding(lab, 'spoofed-sources', 'abuse', 'No forged source address leaves a customer port', {
      verdict: 'fail',
      reason:
        '3 of 7 attempts got through: customer A’s host (IPv6); a unique local source (IPv6); an unallocated source (IPv6)',
      durationMs: 3410,
      attempts: [
        forged('customer A’s host', 'v4', false, '192.0.2.130'),
        forged('a private source', 'v4', false, '10.9.9.9'),
        forged('the Internet attacker’s', 'v4', false, '198.51.100.66'),
        forged('a reserved source', 'v4', false, '240.0.0.1'),
        forged('customer A’s host', 'v6', true, '2001:db8:a:1::130'),
        forged('a unique local source', 'v6', true, 'fd00::9'),
        forged('an unallocated source', 'v6', true, '2001:db8:ffff::9'),
        { ...forged('its own address', 'v4', true, '192.0.2.161'), role: 'canary' },
      ],
      evidence: [
        evidence(
          'pcap',
          `${lab}/spoofed-sources/remote-eth0.pcap`,
          'what reached the victim',
          'breakwater capture remote:eth0 "udp port 9"',
          [
            '21:30:02.114 IP6 2001:db8:a:1::130.53912 > 2001:db8:500:1::10.9: UDP, length 32',
            '21:30:02.315 IP6 fd00::9.40112 > 2001:db8:500:1::10.9: UDP, length 32',
            '21:30:02.517 IP6 2001:db8:ffff::9.40113 > 2001:db8:500:1::10.9: UDP, length 32',
          ],
        ),
        evidence(
          'counter',
          `${lab}/spoofed-sources/pe1-nft.txt`,
          'drop counter on pe1',
          'breakwater exec pe1 -- nft list ruleset',
          ['iifname "to_ceb" ip saddr != { 192.0.2.160/27, 100.64.1.6 } counter packets 20 bytes 1200 drop'],
        ),
      ],
    }),
    finding(lab, 'registered-sources', 'service', 'Customers reach the Internet from all of their registered sources', {
      verdict: 'pass',
      reason: 'all 4 attempts worked',
      durationMs: 1180,
      attempts: (['v4', 'v6'] as const).flatMap((family) => [
        attempt({
          label: 'from its assigned block',
          family,
          from: 'ceb',
          to: 'remote',
          sent: true,
          succeeded: true,
          seen: '3 of 3 echo replies came back',
          repeat: `breakwater exec ceb -- ping -c 3 ${family === 'v6' ? '2001:db8:500:1::10' : '198.51.100.10'}`,
        }),
        attempt({
          label: 'from customer A’s host',
          family,
          from: 'a1',
          to: 'remote',
          sent: true,
          succeeded: true,
          seen: '3 of 3 echo replies came back',
          repeat: `breakwater exec a1 -- ping -c 3 ${family === 'v6' ? '2001:db8:500:1::10' : '198.51.100.10'}`,
        }),
      ]),
      evidence: [
        evidence(
          'transcript',
          `${lab}/registered-sources/ping.txt`,
          'the echo replies',
          'breakwater exec ceb -- ping -c 3 198.51.100.10',
          ['3 packets transmitted, 3 received, 0% packet loss'],
        ),
      ],
    }),
    finding(lab, 'customer-bgp', 'service', 'Customer B’s BGP sessions stay up', {
      verdict: 'pass',
      reason: 'both attempts worked',
      durationMs: 420,
      attempts: [
        attempt({
          label: 'session is Established',
          family: 'v4',
          from: 'ceb',
          to: 'pe1',
          sent: true,
          succeeded: true,
          seen: 'Established for 00:01:12, 2 prefixes received',
          repeat: 'breakwater exec pe1 -- vtysh -c "show bgp neighbors 100.64.1.6"',
        }),
        attempt({
          label: 'session is Established',
          family: 'v6',
          from: 'ceb',
          to: 'pe1',
          sent: true,
          succeeded: true,
          seen: 'Established for 00:01:10, 2 prefixes received',
          repeat: 'breakwater exec pe1 -- vtysh -c "show bgp neighbors 2001:db8:0:111::2"',
        }),
      ],
    }),
  ];
  return {
    lab,
    title: 'Customers forge their source addresses',
    verdict: 'fail',
    persistence: 'not-tried',
    findings,
    afterRestart: [],
  };
}

function bgpAuthentication(): LabResult {
  const lab = 'routing/bgp-authentication';
  const findings = [
    finding(lab, 'forged-reset', 'abuse', 'A forged RST from the IXP LAN does not end a session', {
      verdict: 'pass',
      reason: 'both attempts left the sender and none got through',
      durationMs: 4100,
      attempts: (['v4', 'v6'] as const).map((family) =>
        attempt({
          label: 'RST with the right sequence number',
          family,
          from: 'lg',
          to: 'br1',
          sent: true,
          succeeded: false,
          seen: 'the RST arrived at br1; connectionsDropped stayed 0, TcpExtTCPMD5NotFound grew by 1',
          repeat: `breakwater exec lg -- python3 /opt/breakwater/bgp-reset.py --family ${family}`,
        }),
      ),
      evidence: [
        evidence(
          'counter',
          `${lab}/forged-reset/br1-nstat.txt`,
          'MD5 counters on br1',
          'breakwater exec br1 -- nstat -az TcpExtTCPMD5NotFound',
          ['TcpExtTCPMD5NotFound            2                  0.0'],
        ),
      ],
    }),
    finding(lab, 'peering-serves', 'service', 'The peer’s routes are used over both families', {
      verdict: 'pass',
      reason: 'both attempts worked',
      durationMs: 380,
      layer: 'route',
      attempts: (['v4', 'v6'] as const).map((family) =>
        attempt({
          label: 'the peer’s prefix is in the FIB',
          family,
          from: 'br1',
          to: 'peer1',
          sent: true,
          succeeded: true,
          seen: family === 'v4' ? '203.0.113.0/24 via 100.64.50.2' : '2001:db8:501::/48 via 2001:db8:1900::2',
          repeat: `breakwater exec br1 -- ip ${family === 'v6' ? '-6 ' : ''}route get ${family === 'v4' ? '203.0.113.1' : '2001:db8:501::1'}`,
        }),
      ),
    }),
  ];
  const lost = findings.map((it): Finding =>
    it.check === 'forged-reset'
      ? {
          ...it,
          verdict: 'fail',
          reason: 'both attempts got through: RST with the right sequence number (IPv4, IPv6)',
          attempts: it.attempts.map((one) => ({
            ...one,
            succeeded: true,
            seen: 'connectionsDropped went from 0 to 1: "Connection reset by peer"',
          })),
          evidence: [
            evidence(
              'log',
              `${lab}/forged-reset/restarted/br1-frr.log`,
              'bgpd’s log on br1',
              'breakwater exec br1 -- tail /var/log/frr/frr.log',
              ['[Error] bgp_read_packet error: Connection reset by peer'],
            ),
          ],
        }
      : it,
  );
  return {
    lab,
    title: 'Somebody on the exchange ends our sessions',
    verdict: 'fail',
    persistence: 'lost',
    findings,
    afterRestart: lost,
  };
}

function openRelay(): LabResult {
  const lab = 'mail/open-relay';
  const findings = [
    finding(lab, 'relay-battery', 'abuse', 'Strangers cannot send through the relay to third parties', {
      verdict: 'inconclusive',
      reason: 'the path itself does not work, so silence proves nothing: inbound mail to alice@isp.example (IPv6)',
      durationMs: 6200,
      attempts: [
        attempt({
          label: 'stranger to stranger',
          family: 'v4',
          from: 'evil',
          to: 'mx',
          sent: true,
          succeeded: false,
          seen: '554 5.7.1 <victim@remote.example>: Relay access denied',
          repeat: 'breakwater exec evil -- swaks --server 192.0.2.4 --from a@evil.example --to victim@remote.example',
        }),
        attempt({
          label: 'percent hack, <victim%remote.example@isp.example>',
          family: 'v4',
          from: 'evil',
          to: 'mx',
          sent: true,
          succeeded: false,
          seen: '554 5.7.1 <victim%remote.example@isp.example>: Relay access denied',
          repeat: 'breakwater exec evil -- swaks --server 192.0.2.4 --to victim%remote.example@isp.example',
        }),
        attempt({
          label: 'inbound mail to alice@isp.example',
          role: 'canary',
          family: 'v6',
          from: 'evil',
          to: 'mx',
          sent: true,
          succeeded: false,
          seen: '451 4.3.0 <alice@isp.example>: Temporary lookup failure',
          repeat: 'breakwater exec evil -- swaks --server [2001:db8:0:1::4] --to alice@isp.example',
        }),
      ],
      evidence: [
        evidence(
          'transcript',
          `${lab}/relay-battery/smtp.txt`,
          'the SMTP dialogues',
          'breakwater exec evil -- swaks --server 192.0.2.4',
          [
            '<~  220 mx.isp.example ESMTP Postfix',
            ' -> EHLO spam.evil.example',
            ' -> RCPT TO:<victim@remote.example>',
            '<** 554 5.7.1 <victim@remote.example>: Relay access denied',
          ],
        ),
      ],
    }),
    finding(lab, 'inbound', 'service', 'Mail for our own domain is delivered', {
      verdict: 'fail',
      reason: '1 of 2 attempts did not work: to alice@isp.example (IPv6)',
      durationMs: 2100,
      attempts: [
        attempt({
          label: 'to alice@isp.example',
          family: 'v4',
          from: 'evil',
          to: 'mx',
          sent: true,
          succeeded: true,
          seen: 'found in alice’s mailbox after 0.4 s',
          repeat: 'breakwater exec evil -- swaks --server 192.0.2.4 --to alice@isp.example',
        }),
        attempt({
          label: 'to alice@isp.example',
          family: 'v6',
          from: 'evil',
          to: 'mx',
          sent: true,
          succeeded: false,
          seen: '451 4.3.0 <alice@isp.example>: Temporary lookup failure',
          repeat: 'breakwater exec evil -- swaks --server [2001:db8:0:1::4] --to alice@isp.example',
        }),
      ],
      evidence: [
        evidence(
          'log',
          `${lab}/inbound/mail.log`,
          'Postfix’s log',
          'breakwater exec mx -- tail -n 50 /var/log/mail.log',
          ['postfix/smtpd[412]: warning: hash:/etc/postfix/virtual is unavailable. open database: No such file'],
        ),
      ],
    }),
  ];
  return {
    lab,
    title: 'The whole world sends mail through us',
    verdict: 'fail',
    persistence: 'not-tried',
    findings,
    afterRestart: [],
  };
}

function noRecursion(): LabResult {
  const lab = 'dns/auth-no-recursion';
  const findings = [
    finding(lab, 'server-reachable', 'service', 'The authoritative server answers for its own zones', {
      verdict: 'error',
      reason: 'ns1 is not running, and this check needs it (breakwater status)',
      layer: 'route',
      durationMs: 60,
    }),
    finding(lab, 'stranger-recursion', 'abuse', 'Strangers are refused recursion', {
      verdict: 'inconclusive',
      reason: 'not tried: `server-reachable` could not be judged below it',
    }),
    finding(lab, 'transfer', 'abuse', 'Strangers cannot copy a zone', {
      verdict: 'inconclusive',
      reason: 'not tried: `server-reachable` could not be judged below it',
      control: 'dns/auth-axfr',
    }),
  ];
  return {
    lab,
    title: 'The authoritative server resolves for strangers',
    verdict: 'error',
    persistence: 'not-tried',
    findings,
    afterRestart: [],
  };
}

function finding(
  lab: string,
  check: string,
  kind: Finding['kind'],
  title: string,
  rest: Partial<Finding> & Pick<Finding, 'verdict' | 'reason'>,
): Finding {
  return {
    lab,
    check,
    control: lab,
    kind,
    layer: 'service',
    title,
    probe: 'send-packets',
    attempts: [],
    evidence: [],
    durationMs: 0,
    ...rest,
  };
}

function attempt(rest: Omit<Attempt, 'role'> & Partial<Attempt>): Attempt {
  return { role: 'try', ...rest };
}

function evidence(
  kind: Evidence['kind'],
  file: string,
  title: string,
  command: string,
  lines: readonly string[],
): Evidence {
  return { kind, title, file, command, excerpt: lines.join('\n') };
}

function control(id: string, title: string, sections: string[], level: string, modern: string): Control {
  return { id, title, sections, level, class: 'A', modern, lab: id };
}
