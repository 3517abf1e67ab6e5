import { z } from 'zod';

/** `filtering/ingress-source`: an area and a name, stable and kebab-case. */
export const LabId = z
  .string()
  .regex(
    /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*\/[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/,
    'expected an id like filtering/ingress-source',
  );
export type LabId = z.infer<typeof LabId>;

/** A check, hint or patch name inside a lab: `spoofed-sources`. */
export const LocalId = z
  .string()
  .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'expected kebab-case, such as spoofed-sources');

/** A node's name; containerlab's rule narrowed to what is also a host name. */
export const NodeName = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,30}$/,
    'expected a node name: lower-case letters, digits and dashes, starting with a letter',
  );
export type NodeName = z.infer<typeof NodeName>;

/** A Linux interface name: at most 15 characters (IFNAMSIZ), no slash, no space. */
export const InterfaceName = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9_.-]{0,14}$/, 'expected an interface name of at most 15 characters');
