import { expect, test } from 'vitest';

import { readHandshake } from '#core/probes/tls-session.ts';

test('a session that was agreed on has a version and a cipher', () => {
  const text = `CONNECTED(00000003)
New, TLSv1.0, Cipher is ECDHE-ECDSA-AES256-SHA
SSL-Session:
    Protocol  : TLSv1.1
    Cipher    : ECDHE-ECDSA-AES256-SHA
`;
  expect(readHandshake(text)).toEqual({
    offered: true,
    version: 'TLSv1.1',
    cipher: 'ECDHE-ECDSA-AES256-SHA',
    said: 'agreed on TLSv1.1 with ECDHE-ECDSA-AES256-SHA',
    refused: false,
  });
  expect(readHandshake('CONNECTED(00000003)\nNew, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384\n').version).toBe(
    'TLSv1.3',
  );
});

test('a server that refuses was offered something, and its alert is told', () => {
  const text = `CONNECTED(00000003)
4017CDF1FD7E0000:error:0A00042E:SSL routines:ssl3_read_bytes:tlsv1 alert protocol version:../ssl/record/rec_layer_s3.c:1601:SSL alert number 70
New, (NONE), Cipher is (NONE)
    Protocol  : TLSv1
    Cipher    : 0000
`;
  expect(readHandshake(text)).toMatchObject({ offered: true, said: 'refused: tlsv1 alert protocol version' });
  expect(readHandshake(text).cipher).toBeUndefined();
  expect(readHandshake(text).version).toBeUndefined();
});

test('a closed port, and a client that has nothing to offer, prove nothing', () => {
  const closed =
    '4097B357F67F0000:error:8000006F:system library:BIO_connect:Connection refused:../crypto/bio/bio_sock2.c:117:calling connect()\nconnect:errno=111\n';
  expect(readHandshake(closed)).toEqual({ offered: false, refused: false, said: 'refused: Connection refused' });
  expect(readHandshake('CONNECTED(00000003)\n40:error:0A0000B5:SSL routines::no ciphers available:x\n').offered).toBe(
    false,
  );
  expect(readHandshake('').offered).toBe(false);
});

test('a session that timeout(1) ended proves nothing, and an alert of the server is its own refusal', () => {
  expect(readHandshake('CONNECTED(00000003)\nexit code 124').offered).toBe(false);
  const alert =
    'CONNECTED(00000003)\n00:error:0A00042E:SSL routines:ssl3_read_bytes:tlsv1 alert protocol version:../ssl/record/rec_layer_s3.c:908:SSL alert number 70:\nNew, (NONE), Cipher is (NONE)\nexit code 1';
  expect(readHandshake(alert)).toMatchObject({ offered: true, refused: true });
});
