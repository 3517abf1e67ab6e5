/** One packet of a capture, for a table. */
export interface PacketRow {
  readonly number: number;
  /** Since the first packet. */
  readonly atMs: number;
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  /** Bytes of the frame. */
  readonly length: number;
  readonly info: string;
}

/** Reads what `tcpdump -n -e -tt` prints: a line a packet; lines that go on are indented. */
export function parsePackets(text: string): PacketRow[] {
  const rows: PacketRow[] = [];
  let first: number | undefined;
  for (const line of text.split('\n')) {
    const [, time, frame, said] = /^(\d+\.\d+) (.*?length \d+): (.*)$/.exec(line) ?? [];
    if (time === undefined || frame === undefined || said === undefined) continue;
    first ??= Number(time);
    rows.push({
      number: rows.length + 1,
      atMs: Math.round((Number(time) - first) * 1e6) / 1000,
      ...endsOf(frame, said),
      length: Number(/length (\d+)$/.exec(frame)?.[1] ?? 0),
    });
  }
  return rows;
}

/** `192.0.2.1.53 > 198.51.100.10.9: UDP, length 20`, after a frame of one Ethernet address upon another. */
function endsOf(frame: string, said: string): Pick<PacketRow, 'source' | 'destination' | 'protocol' | 'info'> {
  const [, source, destination, info] = /^(?:\(.*?\) )?(\S+) > (\S+): (.*)$/.exec(said) ?? [];
  const etherType = /ethertype (\S+)/.exec(frame)?.[1] ?? '';
  if (source === undefined || destination === undefined || info === undefined) {
    const [from = '', to = ''] = /^(\S+)(?: \(.*?\))? > (\S+?),/.exec(frame)?.slice(1) ?? [];
    return { source: from, destination: to, protocol: etherType, info: said };
  }
  return { source, destination, protocol: protocolOf(info, etherType), info };
}

function protocolOf(info: string, etherType: string): string {
  const named = /^(?:UDP|ICMP6?|OSPFv[23]|ESP|GREv0)\b/.exec(info)?.[0];
  if (named !== undefined) return named;
  if (info.startsWith('Flags [')) return info.includes('BGP') ? 'BGP' : 'TCP';
  return /^\d+[+*%|-]* |\b(?:A|AAAA|MX|SOA|AXFR)\?/.test(info) ? 'DNS' : etherType;
}
