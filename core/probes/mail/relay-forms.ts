import type { Family } from '../../model/plan.ts';

/** Who is who in an attempt to relay. */
export interface Relay {
  /** Domain of the server under attack. */
  readonly domain: string;
  /** Name and address of the server under attack. */
  readonly serverName: string;
  readonly host: string;
  readonly family: Family;
  /** Somebody who has a mailbox there. */
  readonly insider: string;
  /** The third party's mailbox, and the address of its server. */
  readonly victim: string;
  readonly victimHost: string;
  /** What the attacker calls itself, and an address of its own that exists. */
  readonly helo: string;
  readonly sender: string;
}

/** What is said in HELO, MAIL FROM and RCPT TO. */
export interface Said {
  readonly helo?: string;
  readonly sender?: string;
  readonly recipients: readonly [string, ...string[]];
}

/** One way to talk a mail server into relaying. */
export interface RelayForm {
  readonly name: string;
  readonly label: string;
  /** An open door for everybody, not a trick: the one to try from every place and on every port. */
  readonly plain?: true;
  say(relay: Relay): Said;
}

/** Roles that every domain has (RFC 5321 §4.5.1, RFC 2142): who takes them for its own may take them for all. */
const roles = ['postmaster', 'abuse', 'noc', 'security', 'hostmaster', 'webmaster', 'root'] as const;

const to = (recipient: string): Said => ({ recipients: [recipient] });

/** Whose name is on the letter: senders that the client chooses freely (RFC 2505 §2.1, RFC 5321 §7.1). */
const senders: readonly RelayForm[] = [
  {
    name: 'stranger',
    plain: true,
    label: 'a stranger writes to a stranger',
    say: ({ victim }) => to(victim),
  },
  {
    name: 'own-sender',
    plain: true,
    label: 'the sender claims to be one of ours',
    say: ({ victim, insider }) => ({ ...to(victim), sender: insider }),
  },
  {
    name: 'null-sender',
    plain: true,
    label: 'the sender is empty, as in a bounce',
    say: ({ victim }) => ({ ...to(victim), sender: '' }),
  },
  {
    name: 'unlisted-sender',
    label: 'the sender claims to be one of ours who does not exist',
    say: ({ victim, domain }) => ({ ...to(victim), sender: `ceo@${domain}` }),
  },
  {
    name: 'own-postmaster',
    label: 'the sender claims to be our postmaster',
    say: ({ victim, domain }) => ({ ...to(victim), sender: `postmaster@${domain}` }),
  },
  {
    name: 'own-server',
    label: 'the sender claims to be a program on our server',
    say: ({ victim, serverName }) => ({ ...to(victim), sender: `root@${serverName}` }),
  },
  {
    name: 'bare-sender',
    label: 'the sender has no domain',
    say: ({ victim }) => ({ ...to(victim), sender: 'root' }),
  },
  {
    name: 'victim-sender',
    label: 'the sender claims to be the recipient',
    say: ({ victim }) => ({ ...to(victim), sender: victim }),
  },
];

/** How the client greets: with a name that it likes. */
const greetings: readonly RelayForm[] = [
  {
    name: 'own-helo',
    label: 'the client greets with our domain',
    say: ({ victim, domain }) => ({ ...to(victim), helo: domain }),
  },
  {
    name: 'server-helo',
    label: "the client greets with our server's own name",
    say: ({ victim, serverName }) => ({ ...to(victim), helo: serverName }),
  },
  {
    name: 'localhost-helo',
    label: 'the client greets as localhost',
    say: ({ victim }) => ({ ...to(victim), helo: 'localhost' }),
  },
  {
    name: 'literal-helo',
    label: 'the client greets with our address',
    say: ({ victim, host, family }) => ({ ...to(victim), helo: literal(host, family) }),
  },
];

/**
 * Thirty years of address syntax that some server once believed: source routes (RFC 5321 appendix C),
 * the percent hack and bang paths (RFC 1123 §5.2.16), quoted local parts, address literals.
 */
const recipients: readonly RelayForm[] = [
  {
    name: 'roles',
    label: "the third party's postmaster, abuse desk and other roles",
    say: ({ victim }) => {
      const [first, ...others] = roles.map((role) => `${role}@${victim.split('@')[1]}`);
      return { recipients: [first ?? victim, ...others] };
    },
  },
  {
    name: 'beside-one-of-ours',
    label: 'one of ours first, and the stranger second',
    say: ({ victim, insider }) => ({ recipients: [insider, victim] }),
  },
  {
    name: 'capitals',
    label: 'in capital letters',
    say: ({ victim }) => to(victim.toUpperCase()),
  },
  {
    name: 'trailing-dot',
    label: 'a dot behind the domain',
    say: ({ victim }) => to(`${victim}.`),
  },
  {
    name: 'percent-hack',
    label: 'percent hack at our domain',
    say: ({ victim, domain }) => to(`${victim.replace('@', '%')}@${domain}`),
  },
  {
    name: 'percent-hack-server',
    label: "percent hack at our server's name",
    say: ({ victim, serverName }) => to(`${victim.replace('@', '%')}@${serverName}`),
  },
  {
    name: 'percent-hack-literal',
    label: 'percent hack at our address literal',
    say: ({ victim, host, family }) => to(`${victim.replace('@', '%')}@${literal(host, family)}`),
  },
  {
    name: 'percent-hack-bare',
    label: 'percent hack without a domain',
    say: ({ victim }) => to(victim.replace('@', '%')),
  },
  {
    name: 'source-route',
    label: 'source route through our domain',
    say: ({ victim, domain }) => to(`@${domain}:${victim}`),
  },
  {
    name: 'source-route-server',
    label: "source route through our server's name",
    say: ({ victim, serverName }) => to(`@${serverName}:${victim}`),
  },
  {
    name: 'quoted-local-part',
    label: 'the whole address quoted at our domain',
    say: ({ victim, domain }) => to(`"${victim}"@${domain}`),
  },
  {
    name: 'quoted-bare',
    label: 'the whole address quoted, without a domain',
    say: ({ victim }) => to(`"${victim}"`),
  },
  {
    name: 'bang-path',
    label: 'bang path at our domain',
    say: ({ victim, domain }) => to(`${victim.split('@').toReversed().join('!')}@${domain}`),
  },
  {
    name: 'bang-path-bare',
    label: 'bang path without a domain',
    say: ({ victim }) => to(victim.split('@').toReversed().join('!')),
  },
  {
    name: 'two-ats',
    label: 'two domains, ours last',
    say: ({ victim, domain }) => to(`${victim}@${domain}`),
  },
  {
    name: 'address-literal',
    label: "the recipient's server by its address",
    say: ({ victim, victimHost, family }) => to(`${victim.split('@')[0]}@${literal(victimHost, family)}`),
  },
];

export const relayForms: readonly RelayForm[] = [...senders, ...recipients, ...greetings];

/** A third party's domain whose DNS lists our server as an exchanger: anybody may write that into a zone. */
export function backupForms(domains: readonly string[]): readonly RelayForm[] {
  return domains.map((domain) => ({
    name: `backup-${domain}`,
    label: `a domain that names us as its exchanger, ${domain}`,
    say: () => to(`anybody@${domain}`),
  }));
}

/**
 * Ways to have a server write to somebody who never wrote to it: the sender is forged to be the victim,
 * and the message is such that it comes back (backscatter, RFC 3834 §2, RFC 5321 §6.2).
 */
export function backscatterForms(alsoDomains: readonly string[]): readonly RelayForm[] {
  return [
    {
      name: 'unknown-user',
      label: 'backscatter: forged sender, unknown user of ours',
      say: ({ victim, domain }) => ({ ...to(`no-such-user@${domain}`), sender: victim }),
    },
    {
      name: 'unknown-subdomain',
      label: 'backscatter: forged sender, subdomain that we do not have',
      say: ({ victim, domain }) => ({ ...to(`anybody@no-such-host.${domain}`), sender: victim }),
    },
    {
      name: 'unknown-at-server',
      label: "backscatter: forged sender, unknown user at our server's name",
      say: ({ victim, serverName }) => ({ ...to(`no-such-user@${serverName}`), sender: victim }),
    },
    ...alsoDomains.map((domain) => ({
      name: `unknown-user-${domain}`,
      label: `backscatter: forged sender, unknown user at ${domain}`,
      say: ({ victim }: Relay) => ({ ...to(`no-such-user@${domain}`), sender: victim }),
    })),
  ];
}

/** RFC 5321 §4.1.3. */
function literal(address: string, family: Family): string {
  return family === 'v6' ? `[IPv6:${address}]` : `[${address}]`;
}
