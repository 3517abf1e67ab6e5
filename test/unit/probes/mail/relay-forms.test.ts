import { expect, test } from 'vitest';

import { backscatterForms, type Relay, relayForms } from '#core/probes/mail/relay-forms.ts';

const relay: Relay = {
  domain: 'isp.example',
  host: '192.0.2.4',
  family: 'v4',
  victim: 'victim@remote.example',
  victimHost: '198.51.100.10',
  helo: 'mail.evil.example',
  sender: 'a@evil.example',
};
const recipientOf = (name: string, over: Partial<Relay> = {}): string | undefined =>
  relayForms.find((form) => form.name === name)?.say({ ...relay, ...over }).recipient;

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
  for (const form of forms) expect(JSON.stringify(form.say(relay))).toMatch(/victim/);
});

test('backscatter is addressed to us and forged in the name of the victim', () => {
  for (const form of backscatterForms(['cust-a.example'])) {
    const { sender, recipient } = form.say(relay);
    expect(sender).toBe(relay.victim);
    expect(recipient).toMatch(/@(?:isp|cust-a|no-such-host\.isp)\.example$/);
  }
});
