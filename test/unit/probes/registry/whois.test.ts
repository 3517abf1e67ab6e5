import { expect, test } from 'vitest';

import { readAnswers, readObjects, valuesOf } from '#core/probes/registry/whois.ts';

test('answers come in the order of the questions, and one that did not come is none', () => {
  expect(
    readAnswers('%%%\nroute: 192.0.2.0/24\n%%% no answer\nconnect: Connection refused\n%%%\n% No entries\n'),
  ).toEqual(['route: 192.0.2.0/24', undefined, '% No entries']);
});

test('a missing whois is no silence of the registry', () => {
  expect(() => readAnswers("%%% no answer\ntimeout: failed to run command 'whois': No such file\n")).toThrow(/whois/);
});

test('objects are parted by empty lines; continued values and lists are one attribute', () => {
  const [route, role] = readObjects(
    '% comment\n\nroute:   192.0.2.0/24\norigin:  AS64496\nmnt-by:  ONE-MNT,\n         OTHER-MNT\n\nrole: Desk\nnic-hdl: D1-ISP\n',
  );
  expect(route?.kind).toBe('route');
  expect(route?.name).toBe('192.0.2.0/24');
  expect(valuesOf(route!, 'mnt-by')).toEqual(['ONE-MNT', 'OTHER-MNT']);
  expect(valuesOf(role!, 'nic-hdl')).toEqual(['D1-ISP']);
});
