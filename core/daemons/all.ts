import { bind } from './bind.ts';
import type { Daemon } from './daemon.ts';
import { dovecot } from './dovecot.ts';
import { frr } from './frr.ts';
import { ifupdown } from './ifupdown.ts';
import { inetd } from './inetd.ts';
import { nftables } from './nftables.ts';
import { nginx } from './nginx.ts';
import { postfix } from './postfix.ts';
import { postfwd } from './postfwd.ts';
import { rsyslog } from './rsyslog.ts';
import { sshd } from './sshd.ts';
import { sysctl } from './sysctl.ts';
import { whois } from './whois.ts';

/** Every daemon that can be asked: one file and one line here. In the order in which a node meets them. */
export const daemons: readonly Daemon[] = [
  sysctl,
  ifupdown,
  nftables,
  rsyslog,
  inetd,
  sshd,
  frr,
  bind,
  dovecot,
  postfwd,
  postfix,
  nginx,
  whois,
];
