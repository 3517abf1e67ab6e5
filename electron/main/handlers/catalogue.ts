import { type Appliance, requireLab } from '#core/appliance/appliance.ts';
import { coverageBySection } from '#core/appliance/coverage.ts';
import { history } from '#core/appliance/history.ts';
import { nextHint, progressOf } from '#core/appliance/progress.ts';
import { formatDiagnostic } from '#core/model/diagnostic.ts';
import { goalsOf, type Lab } from '#core/model/lab.ts';
import { wiresOf } from '#core/model/wires.ts';
import type { LabProgress } from '../../contract/catalogue.ts';
import type { Handlers } from '../answer.ts';
import type { Desk } from '../desk.ts';

export function catalogueHandlers({ appliance }: Desk) {
  return {
    'catalogue.read': async () => {
      const { sections, total } = coverageBySection(appliance.controls, appliance.statements);
      const progress = await labProgress(appliance);
      return {
        sections: sections.map(({ section, controls, covered }) => ({
          section,
          controls: [...controls],
          covered: [...covered],
        })),
        total: { controls: total.controls, covered: total.covered },
        controls: [...appliance.controls],
        broken: brokenParts(appliance),
        labs: [...appliance.labs.values()].map((lab) => ({
          id: lab.id,
          title: lab.title,
          summary: lab.summary,
          minutes: lab.minutes,
          controls: lab.controls,
          nodes: lab.nodes,
          progress: progress(lab),
        })),
      };
    },
    'lab.read': async ({ lab: id }) => {
      const lab = requireLab(appliance, id);
      const progress = await labProgress(appliance);
      const { hints } = await progressOf(appliance);
      return {
        id: lab.id,
        title: lab.title,
        summary: lab.summary,
        brief: lab.brief,
        goals: goalsOf(lab),
        minutes: lab.minutes,
        nodes: lab.nodes,
        mend: lab.mend,
        controls: appliance.controls.filter((it) => lab.controls.includes(it.id)),
        checks: lab.checks.map((it) => ({
          id: it.id,
          kind: it.kind,
          title: it.title,
          layer: it.layer,
          control: it.control ?? lab.controls[0] ?? lab.id,
          probe: it.probe,
        })),
        hints: { seen: lab.hints.slice(0, hints[lab.id] ?? 0), total: lab.hints.length },
        progress: progress(lab),
      };
    },
    'lab.hint': async ({ lab: id }) => {
      const lab = requireLab(appliance, id);
      const { seen, total } = await nextHint(appliance, lab, false);
      return { seen: lab.hints.slice(0, seen), total };
    },
    'topology.read': () => {
      const { plan } = appliance;
      return Promise.resolve({
        title: plan.title,
        ases: Object.fromEntries(Object.entries(plan.ases).map(([as, { name, domain }]) => [as, { name, domain }])),
        nodes: Object.entries(plan.nodes)
          .filter(([, it]) => it.side !== 'fabric')
          .map(([name, { title, role, side, attacker, as, at, loopback, names, interfaces }]) => ({
            name,
            title,
            role,
            side,
            attacker,
            ...(as === undefined ? {} : { as }),
            at,
            loopback,
            names,
            interfaces: Object.entries(interfaces).map(([iface, { addresses, to }]) => ({
              name: iface,
              addresses,
              to,
            })),
          })),
        links: wiresOf(plan).map(({ segment, ends }) => ({
          id: segment ?? ends.map((it) => `${it.node}:${it.interface}`).join(' '),
          ...(segment === undefined ? {} : { segment }),
          ends: ends.map((it) => ({ ...it, addresses: [...it.addresses] })),
        })),
      });
    },
  } satisfies Partial<Handlers>;
}

/** Labs and rows with faults, in words. */
function brokenParts({ brokenLabs, brokenRows }: Appliance): { id: string; problems: string[] }[] {
  const rows = brokenRows.length === 0 ? [] : [{ id: 'controls.yml', diagnostics: brokenRows }];
  return [...brokenLabs, ...rows].map(({ id, diagnostics }) => ({ id, problems: diagnostics.map(formatDiagnostic) }));
}

/** How far the trainee got with each lab. Runs of demos and of `breakwater test` are not his. */
async function labProgress(appliance: Appliance): Promise<(lab: Lab) => LabProgress> {
  const { hints, passed } = await progressOf(appliance);
  const { runs } = await history(appliance);
  const tried = new Set(runs.filter((it) => it.subject === 'workspace').flatMap((run) => run.labs.map((it) => it.lab)));
  return (lab) => {
    if (passed[lab.id] !== undefined) return 'passed';
    return tried.has(lab.id) || (hints[lab.id] ?? 0) > 0 ? 'begun' : 'new';
  };
}
