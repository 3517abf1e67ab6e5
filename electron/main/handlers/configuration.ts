import { workspaceFolder } from '#core/appliance/appliance.ts';
import {
  diffConfiguration,
  listConfiguration,
  readConfiguration,
  saveConfiguration,
} from '#core/appliance/configuration.ts';
import { openWorkspace } from '#core/workspace/workspace.ts';
import type { NodeFiles } from '../../contract/configuration.ts';
import type { Handlers } from '../answer.ts';
import { type Desk, traineeNetwork } from '../desk.ts';

export function configurationHandlers({ appliance, tell, verdicts }: Desk) {
  return {
    'config.list': async () => {
      const nodes = new Map<string, NodeFiles>();
      for (const { path, status } of await listConfiguration(appliance, traineeNetwork)) {
        const [node = ''] = path.split('/');
        const before = nodes.get(node)?.files ?? [];
        nodes.set(node, { node, files: [...before, { path, status }] });
      }
      return [...nodes.values()];
    },
    'config.read': async ({ path }) => {
      const { now, start } = await readConfiguration(appliance, traineeNetwork, path);
      return { path, now: now ?? null, start: start ?? null };
    },
    'config.write': async (file) => {
      const saved = await saveConfiguration(appliance, traineeNetwork, file);
      if (saved.outcome === 'conflict') {
        const { base, ours, theirs } = saved.conflict;
        return { outcome: 'conflict', base: base ?? null, ours, theirs: theirs ?? null };
      }
      tell('config.changed', { paths: [file.path] });
      await verdicts.look();
      return { ...saved, applied: [...saved.applied] };
    },
    'config.diff': async ({ against }) => ({ diff: await diffConfiguration(appliance, traineeNetwork, against) }),
    'snapshots.list': async () => {
      const workspace = await openWorkspace(workspaceFolder(appliance, traineeNetwork));
      return (await workspace.snapshots()).map(({ id, at, reason, lab }) => ({
        id,
        at,
        reason,
        ...(lab === undefined ? {} : { lab }),
      }));
    },
  } satisfies Partial<Handlers>;
}
