import { useCallback, useEffect, useState } from 'react';

import type { ArgumentsOf, CallName, ResultOf } from '../../electron/contract/calls.ts';
import type { HostError } from '../host/lab-host.ts';
import { host } from './host.ts';

interface Answered<T> {
  readonly value: T | undefined;
  readonly error: HostError | undefined;
  readonly reload: () => void;
}

/** Asks when the component appears and when the arguments change; the old answer stays until the new one is there. */
export function useAnswer<N extends CallName>(name: N, args: ArgumentsOf<N>): Answered<ResultOf<N>> {
  const [state, setState] = useState<Omit<Answered<ResultOf<N>>, 'reload'>>({ value: undefined, error: undefined });
  const [turn, setTurn] = useState(0);
  const key = JSON.stringify(args);
  useEffect(() => {
    let wanted = true;
    host()
      .call(name, JSON.parse(key) as ArgumentsOf<N>)
      .then(
        (value) => wanted && setState({ value, error: undefined }),
        (error: HostError) => wanted && setState({ value: undefined, error }),
      );
    return () => {
      wanted = false;
    };
  }, [name, key, turn]);
  return { ...state, reload: useCallback(() => setTurn((it) => it + 1), []) };
}
