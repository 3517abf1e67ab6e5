import { afterAll, beforeAll, expect, test } from 'vitest';

import { type LabNetwork, openLabNetwork } from './lab-network.ts';

let lab: LabNetwork;
beforeAll(async () => void (lab = await openLabNetwork('mail/open-relay')), 600_000);
afterAll(async () => lab?.close());

const paramsOf = (id: string): object => lab.lab.checks.find((check) => check.id === id)?.with ?? {};

test('mail arrives from outside, by submission, by the backup and from a program on the server', async () => {
  const { attempts } = await lab.observe('deliver-mail', paramsOf('mail-goes-on'), { kind: 'service' });
  expect(attempts.filter((it) => !it.succeeded).map((it) => it.seen)).toEqual([]);
  expect(attempts.length).toBeGreaterThan(30);
  for (const node of ['mx', 'remote', 'a1'])
    expect(await lab.run(node, `find /var/mail/virtual -path '*/new/*'; postqueue -j`)).toBe('');
});

test('tables that Postfix reads by an index are compiled when their files are put in place', async () => {
  const indexed = `cd /etc/postfix && sed -i 's/ texthash:/ hash:/' main.cf && /usr/lib/breakwater/apply postfix && ls *.db`;
  expect((await lab.run('mx', indexed)).split('\n')).toEqual(
    expect.arrayContaining(['mailboxes.db', 'relay_recipients.db', 'sender_login.db', 'virtual.db']),
  );
  const inbound = { by: 'smtp', from: 'remote', server: 'mx', sender: 'own', arrivesAt: 'mx' };
  const deliveries = [{ ...inbound, label: 'to a role', recipient: 'webmaster@isp.example' }];
  const { attempts } = await lab.observe('deliver-mail', { deliveries }, { kind: 'service' });
  expect(attempts.map((it) => it.succeeded)).toEqual([true, true]);
  await lab.run('mx', `cd /etc/postfix && sed -i 's/ hash:/ texthash:/' main.cf && rm *.db && postfix reload`);
});

test('a server that dies of its configuration is told from one that is slow', async () => {
  await lab.run(
    'mx',
    // It holds back for a minute by itself, which is long to wait for in a test.
    'postconf -e service_throttle_time=15s "smtpd_relay_restrictions=warn_if_reject reject_unauth_destination" && postfix reload',
  );
  const started = performance.now();
  const { attempts } = await lab.observe('deliver-mail', paramsOf('mail-goes-on'), { kind: 'service' });
  expect(performance.now() - started).toBeLessThan(25_000);
  const inbound = attempts.filter((it) => it.label === 'the Internet writes to alice');
  expect(inbound.map(({ sent, succeeded }) => ({ sent, succeeded }))).toEqual([
    { sent: true, succeeded: false },
    { sent: true, succeeded: false },
  ]);
  expect(inbound[0]?.seen).toMatch(/smtpd cannot start: .*specify at least one working instance of/);
});

test('a mended server is waited for while Postfix still holds it back', async () => {
  await lab.run(
    'mx',
    'postconf -e "smtpd_relay_restrictions=permit_mynetworks, reject_unauth_destination" && postfix reload',
  );
  const { attempts } = await lab.observe('deliver-mail', paramsOf('mail-goes-on'), {
    kind: 'service',
    signal: AbortSignal.timeout(90_000),
  });
  expect(attempts.filter((it) => !it.succeeded).map((it) => it.seen)).toEqual([]);
});

test('a login in the clear arrives where it is taken, and nowhere else; with TLS it always does', async () => {
  const letter = {
    by: 'smtp',
    from: 'evil',
    server: 'mx',
    port: 587,
    user: 'bob',
    password: 'bob-lab',
    arrivesAt: 'mx',
  };
  const toAlice = { ...letter, sender: 'bob@isp.example', recipient: 'alice@isp.example' };
  const params = {
    deliveries: [{ ...toAlice, label: 'clear', tls: false }],
    canaries: [{ ...toAlice, label: 'TLS', traced: true }],
  };
  const look = async (): Promise<object[]> => {
    const { attempts } = await lab.observe('deliver-mail', params);
    return attempts.map(({ label, sent, succeeded }) => ({ label, sent, succeeded }));
  };
  const tls = { label: 'TLS', sent: true, succeeded: true };
  const refused = { label: 'clear', sent: true, succeeded: false };
  expect(await look()).toEqual([refused, refused, tls, tls]);

  await lab.run(
    'mx',
    'postconf -P submission/inet/smtpd_tls_security_level=may && postconf -e smtpd_tls_auth_only=no && postfix reload',
  );
  const taken = { ...refused, succeeded: true };
  expect(await look()).toEqual([taken, taken, tls, tls]);
});

test('a password that is taken in the clear is harm, whatever is refused later', async () => {
  await lab.run(
    'mx',
    `postconf -P submission/inet/smtpd_tls_security_level=may submission/inet/smtpd_recipient_restrictions=reject_plaintext_session && postconf -e smtpd_tls_auth_only=no && postfix reload`,
  );
  const letter = { by: 'smtp', from: 'evil', server: 'mx', port: 587, tls: false, user: 'bob', password: 'bob-lab' };
  const clear = {
    ...letter,
    label: 'clear',
    sender: 'bob@isp.example',
    recipient: 'alice@isp.example',
    arrivesAt: 'mx',
  };
  const { attempts } = await lab.observe('deliver-mail', { deliveries: [clear, { ...clear, until: 'login' }] });
  expect(attempts.map((it) => it.succeeded)).toEqual([true, true, true, true]);
  expect(attempts[0]?.seen).toMatch(/^refused: 450 .*; the password was taken in the clear$/);
});

test('a message that the log does not lead back from is not traced, though it arrives', async () => {
  await lab.run('mx', 'postconf -e smtpd_client_port_logging=no && postfix reload');
  const submission = { by: 'smtp', from: 'evil', server: 'mx', port: 587, user: 'bob', password: 'bob-lab' };
  const toAlice = { sender: 'bob@isp.example', recipient: 'alice@isp.example', arrivesAt: 'mx' };
  const deliveries = [{ label: 'bob', ...submission, ...toAlice, traced: true }];
  const { attempts } = await lab.observe('deliver-mail', { deliveries }, { kind: 'service' });
  expect(attempts.map((it) => it.succeeded)).toEqual([false, false]);
  expect(attempts[0]?.seen).toMatch(/found in mx:.*; the log of mx names bob at 198\.51\.100\.66, no port$/);
});

test('the log goes on while the operations centre, which gets a copy of it, is away', async () => {
  const wait = `timeout 20 sh -c 'until grep -q "flood: 5000$" /var/log/mail.log; do sleep 0.1; done'`;
  expect(await lab.run('mx', `seq 5000 | logger -p mail.info -t flood && ${wait} && echo written`)).toContain(
    'written',
  );
});
