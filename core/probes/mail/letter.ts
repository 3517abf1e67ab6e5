import { quote } from '../../exec/quote.ts';
import type { Family } from '../../model/plan.ts';

/** One message on its way over SMTP: who says what to whom. */
export interface Letter {
  /** Found again in every mailbox, queue and bounce that the message gets to: `<nonce>-<word>`. */
  readonly token: string;
  /** The node that sends it. */
  readonly from: string;
  readonly server: string;
  readonly family: Family;
  /** The address that it calls from; without one the kernel chooses. */
  readonly source?: string;
  readonly host: string;
  readonly port: number;
  readonly helo: string;
  /** As it stands between the angle brackets; empty for the null sender of RFC 5321 §4.5.5. */
  readonly sender: string;
  readonly recipient: string;
  /** Further recipients of the same message. */
  readonly alsoTo?: readonly string[];
  readonly login?: Login;
  /** Says good-bye once the login, or the recipient, is settled. */
  readonly until?: 'login' | 'recipient';
  /** Letters of one name go over one connection, one after the other; they share login and HELO. */
  readonly session?: string;
  /** What is written below the mark. */
  readonly text?: string;
  /** Passes over STARTTLS where it is offered. */
  readonly inClear?: boolean;
  /** Says everything at once and waits for no answer, as many a bot does (RFC 5321 §3.1). */
  readonly early?: boolean;
  /** The whole message, where the usual short one will not do. */
  readonly message?: string;
  /** `message` is all that follows DATA, byte by byte, with its end. */
  readonly raw?: boolean;
}

export interface Login {
  readonly user: string;
  readonly password: string;
  /** Without one PLAIN, unless only LOGIN is offered. */
  readonly mechanism?: 'PLAIN' | 'LOGIN';
}

/** The message itself: short, ASCII, and with its token where people look and where programs do. */
export function composeMessage({
  token,
  sender,
  recipient,
  text,
}: Pick<Letter, 'token' | 'sender' | 'recipient' | 'text'>): string {
  return [
    `From: <${sender === '' ? 'postmaster@example.invalid' : sender}>`,
    `To: <${recipient}>`,
    `Subject: Breakwater ${token}`,
    `Message-Id: <${token}@breakwater.example>`,
    '',
    `This message is part of an exercise. Its mark is ${token}.`,
    ...(text === undefined ? [] : ['', ...text.trimEnd().split('\n')]),
    '',
  ].join('\r\n');
}

/** The command that repeats a letter by hand. */
export function swaksCommand(letter: Letter): string {
  const { from, family, host, port, helo, sender, recipient, alsoTo = [], login, inClear = false } = letter;
  const words = [
    'swaks',
    ['--server', host, '--port', String(port), '--helo', helo],
    ['--from', sender === '' ? '<>' : sender, '--to', [recipient, ...alsoTo].join(',')],
    family === 'v6' ? ['-6'] : [],
    letter.source === undefined ? [] : ['--local-interface', letter.source],
    inClear || (port === 25 && login === undefined) ? [] : [port === 465 ? '--tls-on-connect' : '--tls-optional'],
    login === undefined ? [] : ['--auth-user', login.user, '--auth-password', login.password],
    login?.mechanism === undefined ? [] : ['--auth', login.mechanism],
    letter.until === undefined ? [] : ['--quit-after', letter.until === 'login' ? 'AUTH' : 'RCPT'],
  ].flat();
  return `breakwater exec ${from} -- ${words.map(quoteWord).join(' ')}`;
}

function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : quote(word);
}
