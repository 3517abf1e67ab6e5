import { expect, test } from 'vitest';

import { parseKeys } from '#core/probes/dns/tsig-keys.ts';

test('keys of what named-checkconf prints are read, rndc’s own left out', () => {
  const config = `options {
	directory "/var/cache/bind";
};
primaries "isp" {
	192.0.2.2 key "isp-remote";
};
key "rndc-key" {
	algorithm "hmac-sha256";
	secret "cm5kYw==";
};
key "isp-remote" {
	algorithm "hmac-sha256";
	secret "c2VjcmV0";
};
`;
  expect(parseKeys(config)).toEqual([{ name: 'isp-remote', text: 'hmac-sha256:isp-remote:c2VjcmV0' }]);
  expect(parseKeys('')).toEqual([]);
});
