import { spawnSync } from 'node:child_process';

import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';

import type { Run } from '#core/model/run.ts';
import { formatJunit } from '#core/report/junit.ts';
import { expectGolden } from '../expect-golden.ts';
import { interruptedRun, passedRun, sampleRun } from './sample-run.ts';

interface Case {
  '@classname': string;
  '@name': string;
  failure?: { '@type': string; '@message': string; '#text': string };
  error?: { '@type': string; '@message': string };
  'system-out': string;
}

interface Suites {
  '@tests': string;
  '@failures': string;
  '@errors': string;
  testsuite: { '@name': string; '@tests': string; testcase: Case[] }[];
}

describe('the JUnit report', () => {
  test('looks as agreed', () => {
    expectGolden(formatJunit(sampleRun), 'junit.xml', import.meta.url);
  });

  test('is read back with the verdicts that went in', () => {
    const suites = read(formatJunit(sampleRun));
    const verdicts = suites.testsuite.flatMap((suite) =>
      suite.testcase.map((it) => (it.failure !== undefined ? 'fail' : (it.error?.['@type'] ?? 'pass'))),
    );
    expect(verdicts).toEqual(
      sampleRun.labs.flatMap((lab) => [...lab.findings, ...lab.afterRestart].map((it) => it.verdict)),
    );
    expect(suites).toMatchObject({ '@tests': '12', '@failures': '3', '@errors': '4' });
    expect(suites.testsuite.map((it) => it['@name'])).toEqual(sampleRun.labs.map((it) => it.lab));
  });

  test('has no complaint when everything passed', () => {
    const suites = read(formatJunit(passedRun));
    expect(suites).toMatchObject({ '@tests': '4', '@failures': '0', '@errors': '0' });
  });

  test('is never green when the run was interrupted', () => {
    const green = { ...interruptedRun, labs: [] };
    expect(read(formatJunit(green))).toMatchObject({ '@tests': '1', '@errors': '1' });
  });

  test('survives what tools print: colours, control characters, CDATA ends, broken surrogates', () => {
    const nasty = '\u001B[31mred\u001B[0m ]]> <b> & "quoted" \u0000\u0008\uFFFE \uD800 ]]>';
    const suites = read(formatJunit(withText(nasty)));
    const [first] = suites.testsuite[0]?.testcase ?? [];
    expect(first?.failure?.['@message']).toBe('red ]]> <b> & "quoted"   ]]>');
    expect(first?.failure?.['#text']).toContain('red ]]> <b> & "quoted"');
    expect(first?.['system-out']).toContain('saw: red ]]> <b>');
  });

  const xmllint = spawnSync('xmllint', ['--version']).status === 0;
  test.skipIf(!xmllint)('is well-formed for libxml2 (skipped where xmllint is not installed)', () => {
    const nasty = formatJunit(withText('\u001B[1m]]>\u0001&<'));
    const { status, stderr } = spawnSync('xmllint', ['--noout', '-'], { input: nasty, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

function read(xml: string): Suites {
  expect(XMLValidator.validate(xml)).toBe(true);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    trimValues: false,
    isArray: (name) => name === 'testsuite' || name === 'testcase',
  });
  return (parser.parse(xml) as { testsuites: Suites }).testsuites;
}

function withText(text: string): Run {
  const [lab] = sampleRun.labs;
  const [finding] = lab?.findings ?? [];
  if (lab === undefined || finding === undefined) throw new Error('the sample run is empty');
  const attempts = finding.attempts.map((it) => ({ ...it, seen: text }));
  return { ...sampleRun, labs: [{ ...lab, findings: [{ ...finding, reason: text, title: text, attempts }] }] };
}
