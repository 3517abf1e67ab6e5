import { type CallName, calls, type ParsedArgumentsOf, type ResultOf } from '../contract/calls.ts';
import type { Answer } from '../contract/failure.ts';
import { failureOf, malformed } from './failure-of.ts';

/** One function for each call of the contract. */
export type Handlers = { readonly [N in CallName]: (args: ParsedArgumentsOf<N>) => Promise<ResultOf<N>> };

/** Answers whatever comes, and never throws: the renderer is not believed, and neither are we. */
export async function answer(handlers: Handlers, name: unknown, args: unknown): Promise<Answer<unknown>> {
  if (typeof name !== 'string' || !isCall(name))
    return { ok: false, error: { code: 'unknown-call', message: 'there is no such call' } };
  try {
    const parsed = calls[name].args.safeParse(args);
    if (!parsed.success) return { ok: false, error: malformed(name, parsed.error) };
    const handle = handlers[name] as (args: unknown) => Promise<unknown>;
    const result = calls[name].result.safeParse(await handle(parsed.data));
    if (result.success) return { ok: true, value: result.data };
    return { ok: false, error: { ...malformed(`the answer to ${name}`, result.error), code: 'fault' } };
  } catch (error) {
    return { ok: false, error: failureOf(error) };
  }
}

function isCall(name: string): name is CallName {
  return Object.hasOwn(calls, name);
}
