import { describe, expect, test } from 'vitest';

import { bind } from '#core/daemons/bind.ts';
import type { Answer, Daemon, Said } from '#core/daemons/daemon.ts';
import { dovecot } from '#core/daemons/dovecot.ts';
import { frr } from '#core/daemons/frr.ts';
import { ifupdown } from '#core/daemons/ifupdown.ts';
import { inetd } from '#core/daemons/inetd.ts';
import { nftables } from '#core/daemons/nftables.ts';
import { nginx } from '#core/daemons/nginx.ts';
import { postfix } from '#core/daemons/postfix.ts';
import { postfwd } from '#core/daemons/postfwd.ts';
import { rsyslog } from '#core/daemons/rsyslog.ts';
import { sshd } from '#core/daemons/sshd.ts';
import { sysctl } from '#core/daemons/sysctl.ts';

// The words are those of the daemons in the node image, as they came.

/** What a daemon's answers are read into. */
function read(daemon: Daemon, answers: Record<string, string>, exitCode = 1): readonly Said[] {
  const known = Object.fromEntries(
    Object.entries(answers).map(([name, text]): [string, Answer] => [name, { text, exitCode }]),
  );
  return daemon.read((question) => known[question] ?? { text: '', exitCode: 0 });
}

describe('frr', () => {
  test('every line that is dropped is a refusal, and the end of the dry run says nothing', () => {
    const dryrun = `line 20: % Unknown command[21]: foo bar baz
line 210: % Unknown command[7]:  match ip-address prefix-list BOGONS4
Configuration file[/etc/frr/frr.conf] processing failure: 2`;
    expect(read(frr, { dryrun })).toEqual([
      { severity: 'refused', file: '/etc/frr/frr.conf', line: 20, message: 'Unknown command: foo bar baz' },
      {
        severity: 'refused',
        file: '/etc/frr/frr.conf',
        line: 210,
        message: 'Unknown command: match ip-address prefix-list BOGONS4',
      },
    ]);
  });

  test('a route-map that comes later in the file is no complaint', () => {
    const said = `[129|bgpd] sending configuration
The route-map 'TRANSIT-IN' does not exist.
[129|bgpd] done`;
    expect(read(frr, { said })).toEqual([]);
  });
});

describe('named', () => {
  test('an option that is gone', () => {
    expect(read(bind, { check: "/etc/bind/named.conf.options:7: option 'dnssec-enable' no longer exists" })).toEqual([
      {
        severity: 'refused',
        file: '/etc/bind/named.conf.options',
        line: 7,
        message: "option 'dnssec-enable' no longer exists",
      },
    ]);
  });

  test('a zone with a syntax error is named by its own line, and said once', () => {
    const check = `dns_rdata_fromtext: /etc/bind/zones/isp.example:59: near '1.2.3': bad dotted quad
zone isp.example/IN: loading from master file /etc/bind/zones/isp.example failed: bad dotted quad
zone isp.example/IN: not loaded due to errors.
_default/isp.example/IN: bad dotted quad`;
    expect(read(bind, { check })).toEqual([
      {
        severity: 'refused',
        file: '/etc/bind/zones/isp.example',
        line: 59,
        message: "near '1.2.3': bad dotted quad",
      },
    ]);
  });

  test('a zone whose file is not there', () => {
    const check = `zone q.example/IN: loading from master file /etc/bind/zones/q failed: file not found
zone q.example/IN: not loaded due to errors.
_default/q.example/IN: file not found
zone r.example/IN: loaded serial 2026112101`;
    expect(read(bind, { check })[0]).toMatchObject({ severity: 'refused', file: '/etc/bind/zones/q' });
  });

  test('what is old and taken is a warning beside what is refused', () => {
    const check = `/etc/bind/named.conf:1: token 'port' is deprecated
/etc/bind/named.conf:1: bad secret 'bad base64 encoding'`;
    expect(read(bind, { check }).map((it) => it.severity)).toEqual(['warning', 'refused']);
    expect(read(bind, { check: check.split('\n')[0] ?? '' }, 0).map((it) => it.severity)).toEqual(['warning']);
  });
});

describe('nftables', () => {
  test('each error has line and column; the picture below it is none', () => {
    const check = `/etc/nftables.conf:2:16-18: Error: Could not process rule: No such file or directory
flush chain ip raw global_rpfilter
               ^^^
/etc/nftables.conf:20:49-54: Error: syntax error, unexpected accept
		type filter hook input priority filter; polcy accept;
		                                              ^^^^^^`;
    expect(read(nftables, { check })).toEqual([
      {
        severity: 'refused',
        file: '/etc/nftables.conf',
        line: 2,
        column: 16,
        message: 'Could not process rule: No such file or directory',
      },
      {
        severity: 'refused',
        file: '/etc/nftables.conf',
        line: 20,
        column: 49,
        message: 'syntax error, unexpected accept',
      },
    ]);
  });

  test('words without a place are a refusal when it ends in an error', () => {
    expect(read(nftables, { check: 'netlink: Error: cache initialization failed: Operation not permitted' })).toEqual([
      {
        severity: 'refused',
        file: '/etc/nftables.conf',
        message: 'netlink: Error: cache initialization failed: Operation not permitted',
      },
    ]);
    expect(read(nftables, { check: '' }, 0)).toEqual([]);
  });
});

describe('postfix', () => {
  const parameters = '3:myhostname=x\n41:smtpd_helo_requird = yes';

  test('an unknown parameter is a warning at its line', () => {
    const check = 'postconf: warning: /etc/postfix/main.cf: unused parameter: smtpd_helo_requird=yes';
    expect(read(postfix, { check, parameters })).toEqual([
      {
        severity: 'warning',
        file: '/etc/postfix/main.cf',
        line: 41,
        message: 'unused parameter: smtpd_helo_requird=yes',
      },
    ]);
  });

  test('a line that is none, and a field of master.cf', () => {
    const check = `postconf: fatal: /etc/postfix/main.cf, line 73: missing '=' after attribute name: "foo bar"
postconf: fatal: invalid process_limit field "x" in "submision inet n - y - x smtpd"`;
    expect(read(postfix, { check, parameters })).toEqual([
      {
        severity: 'refused',
        file: '/etc/postfix/main.cf',
        line: 73,
        message: `missing '=' after attribute name: "foo bar"`,
      },
      {
        severity: 'refused',
        file: '/etc/postfix/master.cf',
        message: 'invalid process_limit field "x" in "submision inet n - y - x smtpd"',
      },
    ]);
  });

  test('a map that cannot be opened, and what a daemon of it died of', () => {
    const maps =
      'hash:/etc/postfix/virtual postmap: fatal: open database /etc/postfix/virtual.db: No such file or directory';
    const log =
      '2026-11-30T09:20:15.623577+00:00 mx postfix/master[691]: fatal: bind 0.0.0.0 port 25: Address already in use';
    expect(read(postfix, { maps, log, parameters })).toEqual([
      {
        severity: 'refused',
        file: '/etc/postfix/virtual',
        message: 'hash:/etc/postfix/virtual: open database /etc/postfix/virtual.db: No such file or directory',
      },
      {
        severity: 'refused',
        file: '/etc/postfix/main.cf',
        message: 'bind 0.0.0.0 port 25: Address already in use',
      },
    ]);
  });
});

test('dovecot', () => {
  const check = `doveconf: Fatal: Error in configuration file /etc/dovecot/dovecot.conf line 41: foo: Unknown setting: foo`;
  expect(read(dovecot, { check })).toEqual([
    { severity: 'refused', file: '/etc/dovecot/dovecot.conf', line: 41, message: 'foo: Unknown setting: foo' },
  ]);
  const open = `doveconf: Fatal: Error in configuration file /etc/dovecot/dovecot.conf: Missing '}' (section started at /etc/dovecot/dovecot.conf:41)`;
  expect(read(dovecot, { check: open })).toMatchObject([{ severity: 'refused', line: 41 }]);
});

test('sshd: a bad option and a bad value are refused, an old one is not', () => {
  const check = `/etc/ssh/sshd_config: line 32: Bad configuration option: Foo
/etc/ssh/sshd_config line 33: unsupported option "maybe".
/etc/ssh/sshd_config line 34: Deprecated option UsePrivilegeSeparation
/etc/ssh/sshd_config: terminating, 1 bad configuration options`;
  expect(read(sshd, { check })).toEqual([
    { severity: 'refused', file: '/etc/ssh/sshd_config', line: 32, message: 'Bad configuration option: Foo' },
    { severity: 'refused', file: '/etc/ssh/sshd_config', line: 33, message: 'unsupported option "maybe".' },
    {
      severity: 'warning',
      file: '/etc/ssh/sshd_config',
      line: 34,
      message: 'Deprecated option UsePrivilegeSeparation',
    },
  ]);
  expect(read(sshd, { check: '/etc/ssh/sshd_config line 3: Deprecated option RSAAuthentication' }, 0)).toMatchObject([
    { severity: 'warning' },
  ]);
});

test('nginx', () => {
  const check = `2026/11/30 09:20:47 [warn] 154#154: duplicate MIME type "text/html" in /etc/nginx/nginx.conf:29
2026/11/30 09:20:47 [emerg] 154#154: unknown directive "lissten" in /etc/nginx/nginx.conf:52
nginx: configuration file /etc/nginx/nginx.conf test failed`;
  expect(read(nginx, { check })).toEqual([
    { severity: 'warning', file: '/etc/nginx/nginx.conf', line: 29, message: 'duplicate MIME type "text/html"' },
    { severity: 'refused', file: '/etc/nginx/nginx.conf', line: 52, message: 'unknown directive "lissten"' },
  ]);
  const said = 'nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)';
  expect(read(nginx, { said })).toMatchObject([{ severity: 'refused', message: said.replace('nginx: [emerg] ', '') }]);
});

test('rsyslog: what it leaves out, without the advertisement behind it', () => {
  const check = `rsyslogd: version 8.2504.0, config validation run (level 1), master config /etc/rsyslog.conf
rsyslogd: error during parsing file /etc/rsyslog.d/x.conf, on or before line 3: parameter 'prt' not known -- typo in config file? [v8.2504.0 try https://www.rsyslog.com/e/2207 ]
rsyslogd: unknown priority name "foo" [v8.2504.0]
rsyslogd: End of config validation run. Bye.`;
  expect(read(rsyslog, { check })).toEqual([
    {
      severity: 'refused',
      file: '/etc/rsyslog.d/x.conf',
      line: 3,
      message: "parameter 'prt' not known -- typo in config file?",
    },
    { severity: 'refused', file: '/etc/rsyslog.conf', message: 'unknown priority name "foo"' },
  ]);
});

test('sysctl: a key that every network namespace has is the file’s fault, others may be the node’s', () => {
  const lines = `/etc/sysctl.d/10-host.conf:3:net.ipv4.conf.all.rp_fliter = 1
/etc/sysctl.d/10-host.conf:4:-net.ipv4.conf.all.foo = 1
/etc/sysctl.d/10-host.conf:5:kernel.panic = 1
/etc/sysctl.d/10-host.conf:6:net.ipv4.ip_forward=foo`;
  const check = `sysctl: /etc/sysctl.d/10-host.conf(9): invalid syntax, continuing...
sysctl: cannot stat /proc/sys/net/ipv4/conf/all/rp_fliter: No such file or directory
sysctl: cannot stat /proc/sys/net/ipv4/conf/all/foo: No such file or directory
sysctl: cannot stat /proc/sys/net/ipv4/conf/eth9/rp_filter: No such file or directory`;
  const said = `sysctl: permission denied on key "kernel.panic"
sysctl: setting key "net.ipv4.ip_forward": Invalid argument`;
  const seen = read(sysctl, { check, said, lines, links: 'eth0\nlo' });
  expect(seen.map(({ severity, line }) => [severity, line])).toEqual([
    ['refused', 9],
    ['refused', 3],
    ['warning', 4],
    ['warning', undefined],
    ['warning', 5],
    ['refused', 6],
  ]);
});

test('ifupdown: what it would run is no complaint', () => {
  const check = `run-parts --exit-on-error /etc/network/if-pre-up.d
ip link set dev lo up
/etc/network/interfaces:5: unknown or no method and no inherits keyword specified
ifup: couldn't read interfaces file "/etc/network/interfaces"`;
  expect(read(ifupdown, { check, said: 'RTNETLINK answers: File exists\nifup: failed to bring up eth0' })).toEqual([
    {
      severity: 'refused',
      file: '/etc/network/interfaces',
      line: 5,
      message: 'unknown or no method and no inherits keyword specified',
    },
    {
      severity: 'refused',
      file: '/etc/network/interfaces',
      message: `couldn't read interfaces file "/etc/network/interfaces"`,
    },
    { severity: 'refused', file: '/etc/network/interfaces', message: 'failed to bring up eth0' },
  ]);
});

test('inetd: the service that it does not know, at its line', () => {
  const log = '2026-11-30T09:20:15+00:00 ns1 inetd[12]: telnett/tcp: unknown service';
  const lines = '4:telnett stream tcp nowait root /usr/sbin/tcpd telnetd';
  expect(read(inetd, { log, lines })).toEqual([
    { severity: 'refused', file: '/etc/inetd.conf', line: 4, message: 'telnett/tcp: unknown service' },
  ]);
});

test('postfwd', () => {
  const check = `Redundant argument in printf at /usr/sbin/postfwd line 301, <$fh> line 7.
[LOG warning]: ignoring invalid /etc/postfix/postfwd.cf line 7: "id=X; foo=bar;  blub"`;
  expect(read(postfwd, { check })).toEqual([
    {
      severity: 'refused',
      file: '/etc/postfix/postfwd.cf',
      line: 7,
      message: 'ignoring invalid line 7: "id=X; foo=bar;  blub"',
    },
  ]);
});
