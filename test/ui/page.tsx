import '../../renderer/app/nonce.ts';
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
void start(fakeHost({ ...recordings, network } as unknown as Recordings, beginning));
