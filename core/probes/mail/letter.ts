import type { Family } from '../../model/plan.ts';

/** One message on its way over SMTP: who says what to whom. */
export interface Letter {
  /** Found again in every mailbox, queue and bounce that the message gets to: `<nonce>-<word>`. */
  readonly token: string;
  /** The node that sends it. */
  readonly from: string;
  readonly server: string;
  readonly family: Family;
  readonly host: string;
  readonly port: number;
  readonly helo: string;
  /** As it stands between the angle brackets; empty for the null sender of RFC 5321 §4.5.5. */
  readonly sender: string;
  readonly recipient: string;
  readonly login?: Login;
  /** What is written below the mark. */
  readonly text?: string;
  /** Passes over STARTTLS where it is offered. */
  readonly inClear?: boolean;
  /** The whole message, where the usual short one will not do. */
  readonly message?: string;
}

export interface Login {
  readonly user: string;
  readonly password: string;
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
  const { from, family, host, port, helo, sender, recipient, login, inClear = false } = letter;
  const words = [
    'swaks',
    ['--server', host, '--port', String(port), '--helo', helo],
    ['--from', sender === '' ? '<>' : sender, '--to', recipient],
    family === 'v6' ? ['-6'] : [],
    inClear || (port === 25 && login === undefined) ? [] : [port === 465 ? '--tls-on-connect' : '--tls-optional'],
    login === undefined ? [] : ['--auth-user', login.user, '--auth-password', login.password],
  ].flat();
  return `breakwater exec ${from} -- ${words.map(quoteWord).join(' ')}`;
}

function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
