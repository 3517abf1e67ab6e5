import '../../renderer/app/nonce.ts';
import { Run } from '../../core/model/run.ts';
import { start } from '../../renderer/app/start.tsx';
import { type Beginning, fakeHost, type Recordings } from '../../renderer/host/fake-host.ts';
import network from './recordings/network.json' with { type: 'json' };
import recordings from './recordings/recordings.json' with { type: 'json' };

const asked = new URLSearchParams(location.search).get('begin');
const beginning: Beginning = {
  lab: null,
  standing: 'broken',
  preferences: {},
  progress: {},
  failures: {},
  answers: {},
  contested: [],
  speed: 1,
  ...(asked === null ? {} : (JSON.parse(asked) as Partial<Beginning>)),
};
const recorded = { ...recordings, network } as unknown as Recordings;
// As main does it with the runs of earlier versions.
const runs = Object.fromEntries(
  Object.entries(recorded.runs).map(([standing, it]) => [standing, { ...it, run: Run.parse(it.run) }]),
) as Recordings['runs'];
void start(fakeHost({ ...recorded, runs }, beginning));
