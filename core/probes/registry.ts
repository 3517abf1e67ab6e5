import { bgpAnnounce } from './bgp-announce.ts';
import { bgpFlap } from './bgp-flap.ts';
import { bgpFlood } from './bgp-flood.ts';
import { bgpImpersonate } from './bgp-impersonate.ts';
import { bgpReset } from './bgp-reset.ts';
import { bgpSession } from './bgp-session.ts';
import { deliverMail } from './deliver-mail.ts';
import { dnsQuery } from './dns-query.ts';
import { encryptedReport } from './encrypted-report.ts';
import { gateway } from './gateway.ts';
import { outage } from './outage.ts';
import { passDays } from './pass-days.ts';
import { portScan } from './port-scan.ts';
import type { Probe } from './probe.ts';
import { reach } from './reach.ts';
import { readDocument } from './read-document.ts';
import { registryContacts } from './registry-contacts.ts';
import { registryFilters } from './registry-filters.ts';
import { registryUpdate } from './registry-update.ts';
import { relayMail } from './relay-mail.ts';
import { scanSegment } from './scan-segment.ts';
import { sendPackets } from './send-packets.ts';
import { trySources } from './try-sources.ts';
import { smuggleMail } from './smuggle-mail.ts';
import { spamRun } from './spam-run.ts';
import { sshLogin } from './ssh-login.ts';
import { tlsSession } from './tls-session.ts';
import { tracePerson } from './trace-person.ts';
import { writeToPeople } from './write-to-people.ts';
import { zoneSync } from './zone-sync.ts';
import { zoneTransfer } from './zone-transfer.ts';

const all: readonly Probe[] = [
  bgpAnnounce,
  bgpFlap,
  bgpFlood,
  bgpImpersonate,
  bgpReset,
  bgpSession,
  deliverMail,
  dnsQuery,
  encryptedReport,
  gateway,
  outage,
  passDays,
  portScan,
  reach,
  readDocument,
  registryContacts,
  registryFilters,
  registryUpdate,
  relayMail,
  scanSegment,
  sendPackets,
  trySources,
  smuggleMail,
  spamRun,
  sshLogin,
  tlsSession,
  tracePerson,
  writeToPeople,
  zoneSync,
  zoneTransfer,
];

/** The closed set of probes that a lab may name: one file and one line each. */
export const probes: ReadonlyMap<string, Probe> = new Map(all.map((probe) => [probe.name, probe]));
