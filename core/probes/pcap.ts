/** One captured frame. */
export interface Frame {
  /** Seconds since the epoch, with the capture's resolution. */
  readonly at: number;
  /** The link-layer frame, as far as it was captured. */
  readonly bytes: Buffer;
}

/**
 * Reads a classic pcap file, also one that is still being written: an incomplete last record is left
 * out (draft-ietf-opsawg-pcap). Both byte orders; micro- and nanoseconds.
 */
export function readPcap(file: Buffer): Frame[] {
  if (file.length < 24) return [];
  const magic = file.readUInt32LE(0);
  const little = magic === 0xa1b2c3d4 || magic === 0xa1b23c4d;
  const nano = magic === 0xa1b23c4d || magic === 0x4d3cb2a1;
  if (!little && magic !== 0xd4c3b2a1 && magic !== 0x4d3cb2a1) return [];
  const word = (offset: number): number => (little ? file.readUInt32LE(offset) : file.readUInt32BE(offset));
  const frames: Frame[] = [];
  for (let offset = 24; offset + 16 <= file.length;) {
    const length = word(offset + 8);
    const end = offset + 16 + length;
    if (end > file.length) break;
    frames.push({ at: word(offset) + word(offset + 4) / (nano ? 1e9 : 1e6), bytes: file.subarray(offset + 16, end) });
    offset = end;
  }
  return frames;
}
