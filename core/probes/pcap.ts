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
export function readPcap(file: Buffer): readonly Frame[] {
  return pcapReader()(file);
}

/** Reads a file that grows: what was read before is not read again. The same list each time, longer. */
export function pcapReader(): (file: Buffer) => readonly Frame[] {
  const frames: Frame[] = [];
  let offset = 24;
  return (file) => {
    const format = formatOf(file);
    if (format === undefined) return frames;
    const word = (at: number): number => (format.little ? file.readUInt32LE(at) : file.readUInt32BE(at));
    while (offset + 16 <= file.length) {
      const end = offset + 16 + word(offset + 8);
      if (end > file.length) break;
      frames.push({
        at: word(offset) + word(offset + 4) / (format.nano ? 1e9 : 1e6),
        bytes: file.subarray(offset + 16, end),
      });
      offset = end;
    }
    return frames;
  };
}

/** The beginning of a file, with at most so many frames. */
export function firstFrames(file: Buffer, count: number): Buffer {
  const format = formatOf(file);
  if (format === undefined) return file;
  let offset = 24;
  for (let left = count; left > 0 && offset + 16 <= file.length; left -= 1)
    offset += 16 + (format.little ? file.readUInt32LE(offset + 8) : file.readUInt32BE(offset + 8));
  return file.subarray(0, offset);
}

function formatOf(file: Buffer): { little: boolean; nano: boolean } | undefined {
  if (file.length < 24) return undefined;
  const magic = file.readUInt32LE(0);
  const little = magic === 0xa1b2c3d4 || magic === 0xa1b23c4d;
  const nano = magic === 0xa1b23c4d || magic === 0x4d3cb2a1;
  return little || magic === 0xd4c3b2a1 || magic === 0x4d3cb2a1 ? { little, nano } : undefined;
}
