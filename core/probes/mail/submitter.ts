import { canonicalAddress } from '../../model/ip.ts';

/** Who handed a message in: what a provider has to know to answer a complaint (RFC 3013 §5.4, RFC 6302 §3). */
export interface Submitter {
  /** Absent when nobody logged in. */
  readonly user?: string;
  readonly address: string;
  /** Behind a NAT the address alone names a whole house. Absent when the server does not log it. */
  readonly port?: number;
}

/**
 * The way of an abuse desk, in Postfix's log: from the Message-Id of the complaint to the queue id, and
 * from there to the client. Undefined when the trail ends before.
 */
export function submitterOf(log: readonly string[], token: string): Submitter | undefined {
  for (const line of log) {
    const id = line.includes(`message-id=<${token}@`) ? /: (\w{6,}): message-id=/.exec(line)?.[1] : undefined;
    const client = id === undefined ? undefined : log.find((it) => it.includes(`: ${id}: client=`));
    // client=mail.evil.example[198.51.100.66]:40000, sasl_method=PLAIN, sasl_username=bob
    const [, address, port] = /client=[^[]*\[([^\]]+)\](?::(\d+))?/.exec(client ?? '') ?? [];
    if (address === undefined) continue;
    const user = /sasl_username=([^,\s]+)/.exec(client ?? '')?.[1];
    return {
      ...(user === undefined ? {} : { user }),
      address: canonicalAddress(address),
      ...(port === undefined ? {} : { port: Number(port) }),
    };
  }
  return undefined;
}
