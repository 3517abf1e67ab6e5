import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';

import type { Run } from '#core/model/run.ts';
import { formatPage } from '#core/report/html/page.ts';
import { expectGolden } from '../expect-golden.ts';
import { samplePlan } from './sample-plan.ts';
import { passedRun, sampleControls, sampleRun } from './sample-run.ts';

const context = { plan: samplePlan, controls: sampleControls };

describe('the HTML report', () => {
  test('looks as agreed', () => {
    expectGolden(formatPage(sampleRun, context), 'report.html', import.meta.url);
  });

  test('fetches nothing', () => {
    const page = formatPage(sampleRun, context);
    expect(page).toContain(`default-src 'none'`);
    expect(page.match(/(?:src|href)="(?!#)[^"]*"/g)).toBeNull();
    expect(page).not.toMatch(/@import|url\(|https?:/);
  });

  test('holds nothing that a node printed as markup', () => {
    const evil = `</pre><script>alert(1)</script><img src=x onerror=alert(1)>"'`;
    const page = formatPage(everywhere(evil), context);
    expect(page.match(/<script>/g)).toHaveLength(1);
    expect(page).not.toContain('<img');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  test('closes every element of its drawing', () => {
    const [svg = ''] =
      /<svg class="topology"[\s\S]*?<\/svg>\n?(?=<figcaption>)/.exec(formatPage(sampleRun, context)) ?? [];
    expect(XMLValidator.validate(svg)).toBe(true);
    const drawn = [...svg.matchAll(/class="name"[^>]*>([^<]+)</g)].map((it) => it[1]);
    expect(drawn).toEqual(Object.keys(samplePlan.nodes).filter((it) => it !== 'fabric'));
  });

  test('has every link of its table of controls arrive somewhere', () => {
    for (const run of [sampleRun, passedRun]) {
      const page = formatPage(run, context);
      const targets = [...page.matchAll(/href="#([^"]+)"/g)].map((it) => it[1]);
      const ids = [...page.matchAll(/ id="([^"]+)"/g)].map((it) => it[1]);
      expect(targets.length).toBeGreaterThan(2);
      expect(targets.filter((it) => !ids.includes(it))).toEqual([]);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });
});

function everywhere(text: string): Run {
  const labs = sampleRun.labs.map((lab) => ({
    ...lab,
    title: text,
    findings: lab.findings.map((it) => ({
      ...it,
      title: text,
      reason: text,
      attempts: it.attempts.map((one) => ({ ...one, label: text, to: text, seen: text, repeat: text })),
      evidence: it.evidence.map((one) => ({ ...one, title: text, file: text, command: text, excerpt: text })),
    })),
  }));
  return { ...sampleRun, subject: text, labs };
}
