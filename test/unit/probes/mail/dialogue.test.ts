import { expect, test } from 'vitest';

import { inTurns } from '#core/probes/mail/dialogue.ts';
import type { Letter } from '#core/probes/mail/letter.ts';

test('no address has two letters on their way while another has none', () => {
  const letters = [
    letter('a', '192.0.2.50', '192.0.2.4'),
    letter('b', '192.0.2.50', '192.0.2.4'),
    letter('c', '192.0.2.50', '192.0.2.5'),
    letter('d', '10.0.0.2', '192.0.2.4'),
    letter('e', '10.0.0.2', '192.0.2.4'),
    letter('f', '192.0.2.50', '192.0.2.4'),
  ];
  expect(inTurns(letters).map((it) => it.token)).toEqual(['a', 'c', 'd', 'b', 'e', 'f']);
});

function letter(token: string, source: string, host: string): Letter {
  return {
    token,
    source,
    host,
    from: 'p1',
    server: 'mx',
    family: 'v4',
    port: 25,
    helo: 'p1.isp.example',
    sender: '',
    recipient: 'alice@isp.example',
  };
}
