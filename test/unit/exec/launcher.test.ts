import { expect, test } from 'vitest';

import { launchCommand } from '#core/exec/command.ts';
import { spawnTied } from '#core/exec/tied-process.ts';

test('a command that was launched leaves the same as one that was run', async () => {
  const result = await launchCommand(['sh', '-c', 'cat; echo err >&2; exit 7'], { input: 'in ü\n' });
  expect(result).toMatchObject({ exitCode: 7, stdout: 'in ü\n', stderr: 'err\n', timedOut: false });
  expect(await launchCommand(['/no/such/program'])).toMatchObject({
    exitCode: 127,
    stderr: expect.stringContaining('/no/such/program'),
  });
  expect((await launchCommand(['sh', '-c', 'kill -KILL $$'])).exitCode).toBe(137);
});

test('a deadline ends it, and what it had started', async () => {
  const result = await launchCommand(['sh', '-c', 'sleep 60 & wait'], { timeoutMs: 200 });
  expect(result).toMatchObject({ exitCode: 143, timedOut: true });
  expect(result.durationMs).toBeLessThan(5000);
});

test('one that does not hear the deadline is killed', async () => {
  const result = await launchCommand(['sh', '-c', 'trap "" TERM; while :; do sleep 0.1; done'], { timeoutMs: 100 });
  expect(result).toMatchObject({ exitCode: 137, timedOut: true });
});

test('cancelling is an error of its own, before and during', async () => {
  const cancel = new AbortController();
  const running = launchCommand(['sleep', '60'], { signal: cancel.signal });
  cancel.abort();
  await expect(running).rejects.toMatchObject({ code: 'cancelled', message: 'cancelled: sleep 60' });
  await expect(launchCommand(['true'], { signal: cancel.signal })).rejects.toThrow();
});

test('one that cannot be started is no end of the others', async () => {
  const other = launchCommand(['sh', '-c', 'sleep 0.3; echo here']);
  expect(await launchCommand(['true', 'x'.repeat(200_000)])).toMatchObject({
    exitCode: 127,
    stderr: expect.stringContaining('E2BIG'),
  });
  expect(await other).toMatchObject({ exitCode: 0, stdout: 'here\n' });
});

test('a daemon that it leaves behind does not keep it', async () => {
  const result = await launchCommand(['sh', '-c', 'sleep 20 & echo up']);
  expect(result).toMatchObject({ exitCode: 0, stdout: 'up\n' });
  expect(result.durationMs).toBeLessThan(5000);
});

test('much output of many at once comes whole', async () => {
  const commands = Array.from({ length: 24 }, () =>
    launchCommand(['sh', '-c', 'head -c 150000 /dev/zero | tr "\\0" x']),
  );
  const lengths = (await Promise.all(commands)).map((it) => it.stdout.length);
  expect(lengths).toEqual(lengths.map(() => 150_000));
}, 30_000);

test('a tied process that was launched ends when its input closes', async () => {
  const tied = spawnTied(['sh', '-c', 'echo here; cat; echo end'], { launched: true });
  await tied.waitFor(/here/, 5000);
  tied.write('more\n');
  await tied.waitFor(/more/, 5000);
  await tied.stop();
  expect(await tied.ended).toBe(0);
  expect(tied.stdout().toString()).toBe('here\nmore\nend\n');
});
