import { expect, test } from 'vitest';

import { backscatterForms, backupForms, type Relay, relayForms } from '#core/probes/mail/relay-forms.ts';

const relay: Relay = {
  domain: 'isp.example',
  serverName: 'mx.isp.example',
  host: '192.0.2.4',
  family: 'v4',
  insider: 'alice@isp.example',
  victim: 'victim@remote.example',
  victimHost: '198.51.100.10',
  helo: 'mail.evil.example',
  sender: 'a@evil.example',
};
const recipientOf = (name: string, over: Partial<Relay> = {}): string | undefined =>
  relayForms
    .find((form) => form.name === name)
    ?.say({ ...relay, ...over })
    .recipients.join(' ');

test.each([
  ['stranger', 'victim@remote.example'],
  ['percent-hack', 'victim%remote.example@isp.example'],
  ['percent-hack-literal', 'victim%remote.example@[192.0.2.4]'],
  ['percent-hack-bare', 'victim%remote.example'],
  ['source-route', '@isp.example:victim@remote.example'],
  ['quoted-local-part', '"victim@remote.example"@isp.example'],
  ['bang-path', 'remote.example!victim@isp.example'],
  ['two-ats', 'victim@remote.example@isp.example'],
  ['address-literal', 'victim@[198.51.100.10]'],
  ['beside-one-of-ours', 'alice@isp.example victim@remote.example'],
  ['source-route-server', '@mx.isp.example:victim@remote.example'],
])('%s is spelled %s', (name, spelled) => {
  expect(recipientOf(name)).toBe(spelled);
});

test('an IPv6 address literal carries its tag', () => {
  expect(recipientOf('address-literal', { family: 'v6', victimHost: '2001:db8:500:1::10' })).toBe(
    'victim@[IPv6:2001:db8:500:1::10]',
  );
});

test('every form aims at the victim and has a name of its own', () => {
  const forms = [...relayForms, ...backscatterForms(['cust-a.example', 'cust-b.example'])];
  expect(new Set(forms.map((form) => form.name)).size).toBe(forms.length);
  for (const form of forms) expect(JSON.stringify(form.say(relay))).toMatch(/victim|@remote\.example/i);
});

test('backscatter is addressed to us and forged in the name of the victim', () => {
  for (const form of backscatterForms(['cust-a.example'])) {
    const { sender, recipients } = form.say(relay);
    expect(sender).toBe(relay.victim);
    expect(recipients.join(' ')).toMatch(/@(?:isp|cust-a|no-such-host\.isp|mx\.isp)\.example$/);
  }
});

test('the roles of a third party are tried, and domains whose DNS names us', () => {
  expect(recipientOf('roles')).toContain('postmaster@remote.example abuse@remote.example');
  expect(backupForms(['evil.example']).map((form) => form.say(relay).recipients)).toEqual([['anybody@evil.example']]);
});

test('senders are of every kind: theirs, ours, made up, nobody', () => {
  const senders = relayForms.map((form) => form.say(relay).sender);
  for (const sender of [undefined, 'alice@isp.example', 'ceo@isp.example', '', 'victim@remote.example'])
    expect(senders).toContain(sender);
});
