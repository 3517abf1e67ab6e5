import { expect, test } from 'vitest';

import { composeMessage, type Letter, swaksCommand } from '#core/probes/mail/letter.ts';

const letter: Letter = {
  token: 'abc-7',
  from: 'evil',
  server: 'mx',
  family: 'v4',
  host: '192.0.2.4',
  port: 25,
  helo: 'mail.evil.example',
  sender: 'a@evil.example',
  recipient: 'victim@remote.example',
};

test('a message carries its token where a bounce returns it, in the head', () => {
  const [head = ''] = composeMessage(letter).split('\r\n\r\n');
  expect(head.match(/abc-7/g)).toHaveLength(2);
  expect(head).toContain('From: <a@evil.example>');
});

test('a message with the null sender still has a From that is an address', () => {
  expect(composeMessage({ ...letter, sender: '' })).toContain('From: <postmaster@example.invalid>');
});

test('the command to repeat a letter quotes what a shell would eat', () => {
  expect(swaksCommand({ ...letter, sender: '', recipient: '"victim@remote.example"@isp.example' })).toBe(
    `breakwater exec evil -- swaks --server 192.0.2.4 --port 25 --helo mail.evil.example --from '<>' --to '"victim@remote.example"@isp.example'`,
  );
  expect(swaksCommand({ ...letter, recipient: "o'brien@isp.example" })).toContain(`'o'\\''brien@isp.example'`);
});

test('the command to repeat a submission over IPv6 logs in, with TLS', () => {
  const submission: Letter = {
    ...letter,
    family: 'v6',
    host: '2001:db8:0:1::4',
    port: 587,
    login: { user: 'alice', password: 'secret' },
  };
  expect(swaksCommand(submission)).toMatch(/ -6 --tls-optional --auth-user alice --auth-password secret$/);
});

test('the command to repeat a login takes TLS on port 25 too, and leaves it out where the letter did', () => {
  const login = { user: 'alice', password: 'secret' };
  expect(swaksCommand({ ...letter, login })).toContain(' --tls-optional --auth-user alice ');
  expect(swaksCommand({ ...letter, port: 587, login, inClear: true })).not.toContain('--tls');
});
