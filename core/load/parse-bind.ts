import { posix } from 'node:path';

import type { Bind } from '../model/topology.ts';
import type { Complaint } from './complaints.ts';

/** Reads `source:target[:ro]`: a folder below the topology's own, and an absolute folder of the node. Pure. */
export function parseBind(text: string, complain: (complaint: Complaint) => void): Bind | undefined {
  const [source = '', target = '', mode = 'rw', ...more] = text.split(':');
  const wrong = complaintOf(source, target, mode, more.length > 0);
  if (wrong === undefined)
    return {
      source: posix.normalize(source).replace(/\/$/, ''),
      target: posix.normalize(target).replace(/\/$/, ''),
      readOnly: mode === 'ro',
    };
  complain({ ...wrong, message: `bind "${text}": ${wrong.message}` });
  return undefined;
}

function complaintOf(source: string, target: string, mode: string, more: boolean): Complaint | undefined {
  if (more || source === '' || target === '')
    return { message: 'this is not a bind', expected: 'folder:/folder/in/the/node, or folder:/folder/in/the/node:ro' };
  if (source.startsWith('/') || source.startsWith('~'))
    return {
      message: 'the source lies outside the topology’s folder',
      expected: 'a path below the folder of the topology file',
    };
  if (source.split('/').includes('..'))
    return { message: 'the source leaves the topology’s folder', expected: 'a path without ".."' };
  if (posix.normalize(source).replace(/\/$/, '') === '.')
    return { message: 'the source is the topology’s folder itself', expected: 'a folder below it' };
  if (!target.startsWith('/') || target.split('/').includes('..'))
    return { message: `"${target}" is not a folder of a node`, expected: 'an absolute path without ".."' };
  if (/^\/(?:$|(?:proc|sys|dev)(?:\/|$))/.test(posix.normalize(target)))
    return { message: `${target} belongs to the runtime`, expected: 'a folder such as /etc/frr' };
  if (mode !== 'ro' && mode !== 'rw') return { message: `"${mode}" is not supported`, expected: 'ro, or nothing' };
  return undefined;
}
