import { type Complaint, oneOf } from './complaints.ts';
import { didYouMean } from './near-spelling.ts';

/** What is wrong with the path of a node's configuration file, `<node>/etc/…`; undefined when nothing is. Pure. */
export function configPathComplaint(
  path: string,
  nodes: Iterable<string>,
  whose = 'the topology',
): Complaint | undefined {
  const [node = '', etc, ...rest] = path.split('/');
  const expected = '<node>/etc/…, such as pe1/etc/nftables.conf';
  if (path.startsWith('/')) return { message: `"${path}" is an absolute path`, expected };
  if (path.split('/').some((segment) => segment === '..' || segment === '.'))
    return { message: `"${path}" leaves the node’s configuration`, expected };
  if (!/^[A-Za-z0-9._@+:~=,%/-]+$/.test(path))
    return {
      message: `${JSON.stringify(path)} has characters that no configuration file needs`,
      expected: 'letters, digits and ._@+:~=,%-',
    };
  const names = [...nodes];
  if (!names.includes(node))
    return {
      message: `${whose} has no node "${node}"`,
      expected: oneOf(names) ?? `a node of ${whose}`,
      hint: didYouMean(node, names),
    };
  if (etc !== 'etc') return { message: `"${node}/${etc ?? ''}" lies outside /etc of ${node}`, expected };
  if (rest.length === 0 || rest.includes('')) return { message: `"${path}" names no file`, expected };
  return undefined;
}
