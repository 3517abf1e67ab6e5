import type { Family } from '../../model/plan.ts';

/** Who is who in an attempt to relay. */
export interface Relay {
  /** Domain of the server under attack. */
  readonly domain: string;
  /** Address of the server under attack. */
  readonly host: string;
  readonly family: Family;
  /** The third party's mailbox, and the address of its server. */
  readonly victim: string;
  readonly victimHost: string;
  /** What the attacker calls himself. */
  readonly helo: string;
  readonly sender: string;
}

/** One way to talk a mail server into relaying: what is said in HELO, MAIL FROM and RCPT TO. */
export interface RelayForm {
  readonly name: string;
  readonly label: string;
  /** An open door for everybody, not a trick: the one to try from every place and on every port. */
  readonly plain?: true;
  say(relay: Relay): Partial<Pick<Relay, 'helo' | 'sender'>> & { recipient: string };
}

/**
 * Thirty years of address syntax that some server once believed: source routes (RFC 5321 appendix C),
 * the percent hack and bang paths (RFC 1123 §5.2.16), quoted local parts, address literals; and trust in
 * what a client says of itself (RFC 2505 §2.1, RFC 5321 §7).
 */
export const relayForms: readonly RelayForm[] = [
  {
    name: 'stranger',
    plain: true,
    label: 'a stranger writes to a stranger',
    say: ({ victim }) => ({ recipient: victim }),
  },
  {
    name: 'own-sender',
    plain: true,
    label: 'the sender claims to be one of ours',
    say: ({ victim, domain }) => ({ sender: `ceo@${domain}`, recipient: victim }),
  },
  {
    name: 'null-sender',
    label: 'the sender is empty, as in a bounce',
    say: ({ victim }) => ({ sender: '', recipient: victim }),
  },
  {
    name: 'own-helo',
    label: 'the client greets with our domain',
    say: ({ victim, domain }) => ({ helo: domain, recipient: victim }),
  },
  {
    name: 'victim-sender',
    label: 'the sender claims to be the recipient',
    say: ({ victim }) => ({ sender: victim, recipient: victim }),
  },
  {
    name: 'percent-hack',
    label: 'percent hack at our domain',
    say: ({ victim, domain }) => ({ recipient: `${victim.replace('@', '%')}@${domain}` }),
  },
  {
    name: 'percent-hack-literal',
    label: 'percent hack at our address literal',
    say: ({ victim, host, family }) => ({ recipient: `${victim.replace('@', '%')}@${literal(host, family)}` }),
  },
  {
    name: 'percent-hack-bare',
    label: 'percent hack without a domain',
    say: ({ victim }) => ({ recipient: victim.replace('@', '%') }),
  },
  {
    name: 'source-route',
    label: 'source route through our domain',
    say: ({ victim, domain }) => ({ recipient: `@${domain}:${victim}` }),
  },
  {
    name: 'quoted-local-part',
    label: 'the whole address quoted at our domain',
    say: ({ victim, domain }) => ({ recipient: `"${victim}"@${domain}` }),
  },
  {
    name: 'bang-path',
    label: 'bang path at our domain',
    say: ({ victim, domain }) => ({ recipient: `${victim.split('@').toReversed().join('!')}@${domain}` }),
  },
  {
    name: 'two-ats',
    label: 'two domains, ours last',
    say: ({ victim, domain }) => ({ recipient: `${victim}@${domain}` }),
  },
  {
    name: 'address-literal',
    label: "the recipient's server by its address",
    say: ({ victim, victimHost, family }) => ({ recipient: `${victim.split('@')[0]}@${literal(victimHost, family)}` }),
  },
];

/**
 * Ways to have a server write to somebody who never wrote to it: the sender is forged to be the victim,
 * and the message is such that it comes back (backscatter, RFC 3834 §2, RFC 5321 §6.2).
 */
export function backscatterForms(alsoDomains: readonly string[]): readonly RelayForm[] {
  return [
    {
      name: 'unknown-user',
      label: 'backscatter: forged sender, unknown user of ours',
      say: ({ victim, domain }) => ({ sender: victim, recipient: `no-such-user@${domain}` }),
    },
    {
      name: 'unknown-subdomain',
      label: 'backscatter: forged sender, subdomain that we do not have',
      say: ({ victim, domain }) => ({ sender: victim, recipient: `anybody@no-such-host.${domain}` }),
    },
    ...alsoDomains.map((domain) => ({
      name: `unknown-user-${domain}`,
      label: `backscatter: forged sender, unknown user at ${domain}`,
      say: ({ victim }: Relay) => ({ sender: victim, recipient: `no-such-user@${domain}` }),
    })),
  ];
}

/** RFC 5321 §4.1.3. */
function literal(address: string, family: Family): string {
  return family === 'v6' ? `[IPv6:${address}]` : `[${address}]`;
}
