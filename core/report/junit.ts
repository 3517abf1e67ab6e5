import { type DaemonDiagnostic, formatDaemonDiagnostic, refusalsIn } from '../model/daemon-diagnostic.ts';
import type { Finding, LabResult, Run } from '../model/run.ts';
import { escape, legible, Markup, markup } from './markup.ts';
import type { Reporter, ReporterContext } from './reporter.ts';
import { familyName, lostExplained, outcomeOf } from '../model/wording.ts';
import { writtenReporter } from './written.ts';

/** JUnit XML as Jenkins, GitLab and GitHub's report actions read it: a suite a lab, a case a check. */
export function junitReporter(context: ReporterContext): Reporter {
  return writtenReporter('junit', context, formatJunit);
}

export function formatJunit(run: Run): string {
  const suites = [
    ...(run.problem === undefined && run.diagnostics.length === 0 ? [] : [configuration(run)]),
    ...run.labs.map((lab) => suiteOf(lab, run)),
    ...(run.interrupted ? [interruption(run)] : []),
  ];
  const total = (count: (suite: Suite) => number): number => suites.reduce((sum, suite) => sum + count(suite), 0);
  const document = markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${run.tool}" tests="${total((it) => it.tests)}" failures="${total((it) => it.failures)}" errors="${total((it) => it.errors)}" time="${seconds(run.durationMs)}">
${suites.map((it) => it.text)}</testsuites>
`;
  return document.text;
}

interface Suite {
  readonly text: Markup;
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
}

function suiteOf(lab: LabResult, run: Run): Suite {
  // The same check after a restart is a case of its own: it can have a verdict of its own.
  const cases = [
    ...lab.findings.map((finding) => ({ finding, name: finding.check })),
    ...lab.afterRestart.map((finding) => ({ finding, name: `${finding.check} (after restart)` })),
  ];
  const findings = cases.map((it) => it.finding);
  const failures = findings.filter((it) => it.verdict === 'fail').length;
  const errors = findings.filter((it) => it.verdict === 'error' || it.verdict === 'inconclusive').length;
  const time = findings.reduce((sum, it) => sum + it.durationMs, 0);
  const text = markup`  <testsuite name="${lab.lab}" tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="0" time="${seconds(time)}" timestamp="${run.startedAt.slice(0, 19)}" hostname="${run.topology}">
    <properties>
      <property name="title" value="${lab.title}"/>
      <property name="run" value="${run.id}"/>
      <property name="runtime" value="${run.runtime}"/>
      <property name="subject" value="${run.subject}"/>
${run.seed !== undefined && markup`      <property name="seed" value="${run.seed}"/>\n`}      <property name="persistence" value="${lab.persistence}"/>
    </properties>
${cases.map(({ finding, name }) => caseOf(finding, name))}${lab.persistence === 'lost' && markup`    <system-out>${cdata(lostExplained)}</system-out>\n`}  </testsuite>
`;
  return { text, tests: cases.length, failures, errors };
}

function caseOf(finding: Finding, name: string): Markup {
  return markup`    <testcase classname="${finding.lab}" name="${name}" time="${seconds(finding.durationMs)}">
${complaintOf(finding)}      <system-out>${cdata(account(finding))}</system-out>
    </testcase>
`;
}

/** An inconclusive security check must never turn CI green, so it is an error there. */
function complaintOf(finding: Finding): Markup | undefined {
  const { verdict, reason, title } = finding;
  if (verdict === 'pass') return undefined;
  const text = cdata(`${title}\n${reason}`);
  if (verdict === 'fail') return markup`      <failure type="${finding.kind}" message="${reason}">${text}</failure>\n`;
  return markup`      <error type="${verdict}" message="${reason}">${text}</error>\n`;
}

/** One system-out a case, because common parsers read only the first. */
function account({ title, reason, kind, attempts, evidence }: Finding): string {
  const tried = attempts.flatMap((it) => [
    `${[outcomeOf(kind, it).word, `${it.from} -> ${it.to}`, familyName(it), it.label].filter(Boolean).join(' | ')}`,
    `  saw: ${it.seen}`,
    `  repeat: ${it.repeat}`,
  ]);
  const kept = evidence.map((it) => `evidence: ${it.file} (${it.title})`);
  return [title, reason, ...tried, ...kept].join('\n');
}

/** What daemons said of the configuration, first: a case for each that did not take it, and one for what kept us from judging. */
function configuration(run: Run): Suite {
  const refusals = refusalsIn(run.diagnostics);
  const warnings = run.diagnostics.filter((it) => it.severity === 'warning').map(formatDaemonDiagnostic);
  const problem = run.problem ?? '';
  const errors = run.problem === undefined ? 0 : 1;
  const failures = errors > 0 ? 0 : refusals.length;
  const text = markup`  <testsuite name="configuration" tests="${Math.max(1, failures + errors)}" failures="${failures}" errors="${errors}" skipped="0" time="0.000" timestamp="${run.startedAt.slice(0, 19)}" hostname="${run.topology}">
${
  errors > 0 &&
  markup`    <testcase classname="configuration" name="can be judged" time="0.000">
      <error type="error" message="${problem}">${cdata([problem, ...refusals.map(formatDaemonDiagnostic)].join('\n'))}</error>
    </testcase>\n`
}${errors === 0 && refusals.length === 0 && markup`    <testcase classname="configuration" name="is taken by its daemons" time="0.000"/>\n`}${errors === 0 && refusals.map(refusalCase)}${warnings.length > 0 && markup`    <system-out>${cdata(warnings.join('\n'))}</system-out>\n`}  </testsuite>
`;
  return { text, tests: Math.max(1, failures + errors), failures, errors };
}

function refusalCase(refusal: DaemonDiagnostic): Markup {
  const text = formatDaemonDiagnostic(refusal);
  const name = [refusal.daemon, refusal.node].filter(Boolean).join(' on ');
  return markup`    <testcase classname="configuration" name="${name}: ${refusal.message}" time="0.000">
      <failure type="${refusal.severity}" message="${text}">${cdata(text)}</failure>
    </testcase>
`;
}

/** What is read by a machine must not be green when it is not whole. */
function interruption(run: Run): Suite {
  const text = markup`  <testsuite name="run" tests="1" failures="0" errors="1" skipped="0" time="0.000" timestamp="${run.startedAt.slice(0, 19)}" hostname="${run.topology}">
    <testcase classname="run" name="reached its end" time="0.000">
      <error type="interrupted" message="the run was interrupted: what is missing here was not judged"/>
    </testcase>
  </testsuite>
`;
  return { text, tests: 1, failures: 0, errors: 1 };
}

/** CDATA keeps tool output readable in the raw file; `]]>` is the one thing it cannot hold. */
function cdata(text: string): Markup {
  const held = legible(text);
  return new Markup(/[&<>]/.test(held) ? `<![CDATA[${held.replaceAll(']]>', ']]]]><![CDATA[>')}]]>` : escape(held));
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
