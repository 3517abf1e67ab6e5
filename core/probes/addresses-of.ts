import { LabError } from '../model/errors.ts';
import { canonicalAddress } from '../model/ip.ts';
import { addressOf, type Family, type Plan } from '../model/plan.ts';

/** The address by which a node is known, in each family in which it has one. @throws LabError when it has none */
export function addressesOf(plan: Plan, node: string): { family: Family; address: string }[] {
  const addresses = (['v4', 'v6'] as const).flatMap((family) => {
    const address = addressOf(plan, node, family);
    return address === undefined ? [] : [{ family, address: canonicalAddress(address) }];
  });
  if (addresses.length === 0)
    throw new LabError('invalid-file', `the plan has no address of ${node}`, { hint: 'see plan.yml' });
  return addresses;
}
