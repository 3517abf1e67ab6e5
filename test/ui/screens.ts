import { expect, type Page } from '@playwright/test';

import type { Beginning } from '../../renderer/host/fake-host.ts';
import { firstLab } from './window.ts';

export interface Screen {
  readonly name: string;
  readonly hash: string;
  readonly begin?: Partial<Beginning>;
  /** From the opened window to what is to be seen. */
  readonly prepare?: (page: Page) => Promise<void>;
}

const atLab = { lab: firstLab } as const;
const progress = {
  'dns/auth-no-recursion': 'passed',
  'filtering/egress-source': 'passed',
  'mail/open-relay': 'begun',
} as const;
const lab = `#/lab/${firstLab}`;

/** The drawing has found its size: every node is on the surface. */
async function seesAll(page: Page): Promise<void> {
  for (const device of await page.locator('.canvas .device').all())
    await expect(device).toBeInViewport({ ratio: 0.99 });
}

async function check(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Check the lab' }).click();
  await expect(page.getByRole('link', { name: 'Report of this run' })).toBeVisible();
}

async function edit(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Configuration' }).click();
  await page.getByRole('button', { name: 'nftables.conf' }).first().click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('# what I changed');
}

/** Goes on in a demo, step by step. */
async function tell(page: Page, steps: number): Promise<void> {
  const network = page.getByRole('region', { name: 'The network' });
  for (let step = 0; step < steps; step += 1) {
    await expect(network).toHaveAttribute('aria-busy', 'false');
    await page.keyboard.press('Space');
  }
  await expect(network).toHaveAttribute('aria-busy', 'false');
}

/** Every screen in every state that looks different: what axe examines and screenshots show. */
export const screens: readonly Screen[] = [
  { name: 'welcome', hash: '#/welcome' },
  {
    name: 'welcome-missing',
    hash: '#/welcome',
    begin: {
      answers: {
        'host.examine {}': {
          image: false,
          findings: [
            { title: 'crun', ok: false, found: 'not installed', mend: 'sudo apt-get install crun' },
            {
              title: '/etc/subuid',
              ok: false,
              found: 'no range of 65536 ids for trainee',
              mend: 'sudo usermod --add-subuids 100000-165535 trainee',
            },
            { title: 'git', ok: true, found: '/usr/bin/git', mend: 'sudo apt-get install git' },
            { title: 'kernel', ok: true, found: 'has overlayfs, veth, bridge and nftables', mend: '' },
            { title: 'node image', ok: false, found: 'is not built', mend: 'breakwater image build' },
          ],
        },
      },
    },
  },
  { name: 'labs', hash: '#/catalogue/labs', begin: { ...atLab, progress } },
  { name: 'controls', hash: '#/catalogue/controls', begin: { progress } },
  { name: 'lab-down', hash: lab, begin: { answers: { 'run.list': [] } }, prepare: seesAll },
  {
    name: 'lab-fails',
    hash: lab,
    begin: atLab,
    prepare: async (page) => {
      await check(page);
      await page.getByRole('button', { name: /^fail Customer B sends nothing to the Internet/ }).click();
    },
  },
  { name: 'lab-lost', hash: lab, begin: { ...atLab, standing: 'lost' }, prepare: check },
  { name: 'lab-passes', hash: lab, begin: { ...atLab, standing: 'passing' }, prepare: check },
  {
    name: 'hints',
    hash: lab,
    begin: atLab,
    prepare: async (page) => {
      await page.getByRole('tab', { name: /^Hints/ }).click();
      await page.getByRole('button', { name: 'Show the first hint' }).click();
      await page.getByRole('button', { name: 'Show the next hint' }).click();
      await expect(page.getByRole('heading', { name: 'Hint 2 of' })).toBeVisible();
    },
  },
  {
    name: 'evidence',
    hash: lab,
    begin: atLab,
    prepare: async (page) => {
      await check(page);
      await page.getByRole('button', { name: /^fail Customer B sends nothing to the Internet/ }).click();
      await page.getByRole('button', { name: /^What left ceb/ }).click();
      await expect(page.getByRole('dialog').getByRole('table')).toBeVisible();
    },
  },
  {
    name: 'node',
    hash: lab,
    begin: atLab,
    prepare: async (page) => page.getByRole('button', { name: /^pe1, / }).click(),
  },
  {
    name: 'terminal',
    hash: lab,
    begin: atLab,
    prepare: async (page) => {
      await page.getByRole('button', { name: 'pe1', exact: true }).click();
      await expect(page.locator('.terminal-screen')).toContainText('root@pe1');
    },
  },
  { name: 'editor', hash: lab, begin: atLab, prepare: edit },
  {
    name: 'conflict',
    hash: lab,
    begin: { ...atLab, contested: ['pe1/etc/nftables.conf'] },
    prepare: async (page) => {
      await edit(page);
      await page.keyboard.press('Control+s');
      await expect(page.getByRole('button', { name: 'Save mine' })).toBeVisible();
    },
  },
  { name: 'demo-attack', hash: `#/demo/${firstLab}`, prepare: async (page) => tell(page, 1) },
  { name: 'demo-stopped', hash: `#/demo/${firstLab}`, prepare: async (page) => tell(page, 3) },
  { name: 'report', hash: '#/reports' },
  {
    name: 'comparison',
    hash: '#/reports',
    prepare: async (page) => {
      await page.getByLabel('Compare with').selectOption({ index: 2 });
      await expect(page.getByRole('columnheader', { name: 'Change' })).toBeVisible();
    },
  },
  { name: 'keyboard', hash: '#/catalogue/labs', prepare: async (page) => page.keyboard.press('F1') },
];
