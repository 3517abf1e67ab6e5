import { expect, test } from 'vitest';

import { commandFailed, exitCodeOfSignal, runCommand } from '#core/exec/command.ts';

test('a failed command is a result of the same shape as a good one', async () => {
  const result = await runCommand(['sh', '-c', 'echo out; echo err >&2; exit 7']);
  expect(result).toMatchObject({ exitCode: 7, stdout: 'out\n', stderr: 'err\n', timedOut: false });
});

test('a command that is not there has code 127 and says so', async () => {
  const result = await runCommand(['/no/such/program', 'x']);
  expect(result).toMatchObject({ exitCode: 127, stdout: '', stderr: expect.stringContaining('/no/such/program') });
});

test('a command that a signal ended has code 128 + n', async () => {
  expect((await runCommand(['sh', '-c', 'kill -KILL $$'])).exitCode).toBe(137);
  expect(exitCodeOfSignal('SIGINT')).toBe(130);
});

test('a deadline ends it, and what it had started', async () => {
  const result = await runCommand(['sh', '-c', 'sleep 60 & wait'], { timeoutMs: 200, group: true });
  expect(result).toMatchObject({ exitCode: 143, timedOut: true });
  expect(result.durationMs).toBeLessThan(5000);
});

test('cancelling is an error of its own, before and during', async () => {
  const cancel = new AbortController();
  const running = runCommand(['sleep', '60'], { signal: cancel.signal });
  cancel.abort();
  await expect(running).rejects.toMatchObject({ code: 'cancelled', message: 'cancelled: sleep 60' });
  await expect(runCommand(['true'], { signal: cancel.signal })).rejects.toThrow();
});

test('a Ctrl-C that ends the command first is no failure of it, unless it runs in a group of its own', async () => {
  const interrupted = ['sh', '-c', 'kill -INT $$; sleep 10'];
  await expect(runCommand(interrupted)).rejects.toMatchObject({ code: 'cancelled' });
  expect(await runCommand(interrupted, { group: true })).toMatchObject({ exitCode: 130 });
  expect(await runCommand(['sleep', '10'], { timeoutMs: 100 })).toMatchObject({ timedOut: true });
});

test('what failed is told with its reason, its command and the end of what it said', () => {
  const result = { argv: ['tool', '--x'], stdout: '', durationMs: 12, timedOut: false };
  const lines = Array.from({ length: 20 }, (_, line) => `line ${line}`);
  expect(commandFailed({ ...result, exitCode: 3, stderr: lines.join('\n') }).message).toBe(
    `exit code 3: tool --x\n${lines.slice(-12).join('\n')}`,
  );
  expect(commandFailed({ ...result, exitCode: 143, stderr: '', timedOut: true }).message).toBe(
    'timed out after 12 ms: tool --x',
  );
});

test('no output is lost while this process is busy', async () => {
  let busy = true;
  const work = (): void => {
    const end = performance.now() + 70;
    while (performance.now() < end);
    if (busy) setImmediate(work);
  };
  setImmediate(work);
  const commands = Array.from({ length: 24 }, () => runCommand(['sh', '-c', 'head -c 150000 /dev/zero | tr "\\0" x']));
  const lengths = (await Promise.all(commands)).map((it) => it.stdout.length);
  busy = false;
  expect(lengths).toEqual(lengths.map(() => 150_000));
}, 30_000);
