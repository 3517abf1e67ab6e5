/**
 * Standard output. It may go before the work is done: a pager is closed, a disk is full. Then nothing
 * more is written to it, and the work goes on: exit code and files are worth no less for that.
 */
export interface Outlet {
  write(data: string | Uint8Array): void;
  /** Fires when nothing more can be written. */
  readonly gone: AbortSignal;
  /** Settles when all that was written has arrived, or can no longer. */
  flushed(): Promise<void>;
  /** Why something that was written is lost. Whoever closes a pipe has read enough: that is no loss. */
  loss(): NodeJS.ErrnoException | undefined;
}

export function outletOf(stream: NodeJS.WritableStream): Outlet {
  const gone = new AbortController();
  let fault: NodeJS.ErrnoException | undefined;
  const give = (error: NodeJS.ErrnoException): void => {
    fault ??= error;
    gone.abort();
  };
  stream.on('error', give);
  const write = (data: string | Uint8Array, arrived: () => void): void => {
    if (fault !== undefined) return arrived();
    try {
      stream.write(data, (error) => {
        if (error instanceof Error) give(error);
        arrived();
      });
    } catch (error) {
      // A device that is written at once complains at once.
      give(error as NodeJS.ErrnoException);
      arrived();
    }
  };
  return {
    write: (data) => write(data, () => {}),
    gone: gone.signal,
    flushed: () => new Promise((resolve) => write('', resolve)),
    loss: () => (fault?.code === 'EPIPE' ? undefined : fault),
  };
}
