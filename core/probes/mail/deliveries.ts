import { z } from 'zod';

import { NodeName } from '../../model/ids.ts';
import type { Attempt } from '../../model/observation.ts';
import { classesAmong, type Place, PlaceName } from '../../model/places.ts';
import type { Plan } from '../../model/plan.ts';
import { addressesOf } from '../addresses-of.ts';
import { callersOf, heloOf, postmasterAt } from './correspondent.ts';
import type { Letter } from './letter.ts';

const common = {
  label: z.string().describe('Who writes to whom, in words a trainee understands'),
  recipient: z.email().describe('RCPT TO'),
  arrivesAt: NodeName.describe('The node with the mailbox where it must end'),
};

const Port = z.number().int().min(1).max(65_535);

const Delivery = z.discriminatedUnion('by', [
  z.strictObject({
    ...common,
    by: z.literal('smtp').describe('Handed to a server over SMTP, once over each address family'),
    from: z.union([PlaceName, z.array(PlaceName).min(1)]).describe('Where it is sent from; of a class from each place'),
    except: z.array(NodeName).default([]).describe('Machines of those classes that do not send'),
    sender: z
      .union([z.email(), z.enum(['', 'own'])])
      .describe(
        'MAIL FROM; empty for the null sender of a bounce, own for the postmaster of the place; USER is the login',
      ),
    server: NodeName.describe('The server it is handed to'),
    port: z
      .union([Port, z.array(Port).min(1)])
      .default(25)
      .describe('25, or 587 and 465 to submit'),
    user: z.string().optional().describe('Logs in with this name first (SMTP AUTH)'),
    password: z.string().optional().describe('The password of `user`'),
    users: z.record(z.string(), z.string()).default({}).describe('Login → password: each of them sends it'),
    mechanism: z.enum(['PLAIN', 'LOGIN']).optional().describe('How they log in, offered or not'),
    tls: z
      .boolean()
      .default(true)
      .describe('false: passes over STARTTLS. In an abuse check a login that is taken then is harm enough'),
    until: z
      .enum(['login', 'recipient'])
      .optional()
      .describe('Good-bye is said once that was taken or refused: nothing has to arrive'),
    takenIsHarm: z
      .boolean()
      .default(false)
      .describe('In an abuse check: that it is taken is harm enough, wherever it goes'),
    comesAgain: z.boolean().default(false).describe('Told 4xx, it comes again for a minute, as mail servers do'),
    traced: z
      .boolean()
      .default(false)
      .describe("In a service check: the server's log has to lead from the message to `user`, address and port"),
  }),
  z.strictObject({
    ...common,
    by: z.literal('sendmail').describe('Handed to sendmail on the node itself, as cron does'),
    from: NodeName.describe('The node that sends'),
    sender: z.union([z.email(), z.literal('')]).describe('MAIL FROM; empty for the null sender of a bounce'),
  }),
]);
export type Delivery = z.infer<typeof Delivery>;
type SmtpDelivery = Extract<Delivery, { by: 'smtp' }>;

export const Deliveries = z.strictObject({
  deliveries: z.array(Delivery).min(1).describe('Mail that has to arrive; in an abuse check, that must not'),
  canaries: z.array(Delivery).default([]).describe('For abuse checks: legitimate mail of the same places'),
});
export type Deliveries = z.infer<typeof Deliveries>;

/** A delivery over one family, or a local one over none. */
export interface PlannedDelivery {
  readonly delivery: Delivery;
  readonly role: Attempt['role'];
  readonly label: string;
  readonly from: string;
  readonly sender: string;
  readonly token: string;
  readonly letter?: Letter;
}

/** One attempt for each place, family, port and user of a delivery over SMTP, one for a local delivery. */
export function planDeliveries({ deliveries, canaries }: Deliveries, plan: Plan, nonce: string): PlannedDelivery[] {
  const inRole = (role: Attempt['role'], delivery: Delivery): Omit<PlannedDelivery, 'token'>[] =>
    delivery.by === 'sendmail'
      ? [{ delivery, role, label: delivery.label, from: delivery.from, sender: delivery.sender }]
      : lettersOf(delivery, plan).map(({ label, letter }) => ({
          delivery,
          role,
          label,
          from: letter.from,
          sender: letter.sender,
          letter,
        }));
  return [
    ...deliveries.flatMap((delivery) => inRole('try', delivery)),
    ...canaries.flatMap((delivery) => inRole('canary', delivery)),
  ].map(({ letter, ...planned }, index) => {
    const token = `${nonce}-${index}`;
    return { ...planned, token, ...(letter === undefined ? {} : { letter: { ...letter, token } }) };
  });
}

export function placesFor({ from, except, server }: SmtpDelivery, plan: Plan): Place[] {
  const names = [from].flat();
  const alone = new Set<string>(names);
  return callersOf(plan, names, except).filter(({ node }) => node !== server || alone.has(node));
}

function lettersOf(delivery: SmtpDelivery, plan: Plan): { label: string; letter: Letter }[] {
  const { server, recipient, tls, user, password, users, mechanism, until } = delivery;
  const places = placesFor(delivery, plan);
  const ports = [delivery.port].flat();
  const logins = [...(user === undefined ? [] : [[user, password ?? ''] as const]), ...Object.entries(users)];
  const several = new Set(places.map((it) => it.node)).size > 1 || classesAmong([delivery.from].flat()).length > 0;
  return addressesOf(plan, server).flatMap(({ family, address }) =>
    places
      .filter((place) => place.family === family)
      .flatMap((place) =>
        ports.flatMap((port) =>
          (logins.length === 0 ? [undefined] : logins).map((login) => ({
            label: [
              delivery.label,
              ...(several ? [`from ${place.node} at ${place.address}`] : []),
              ...(logins.length > 1 && login !== undefined ? [`as ${login[0]}`] : []),
              ...(ports.length > 1 ? [`on port ${port}`] : []),
            ].join(', '),
            letter: {
              token: '',
              from: place.node,
              source: place.address,
              server,
              family,
              host: address,
              port,
              helo: heloOf(plan, place.node),
              sender: senderOf(delivery.sender, place, login?.[0], plan),
              recipient,
              inClear: !tls,
              ...(until === undefined ? {} : { until }),
              ...(login === undefined
                ? {}
                : { login: { user: login[0], password: login[1], ...(mechanism === undefined ? {} : { mechanism }) } }),
            },
          })),
        ),
      ),
  );
}

function senderOf(sender: string, place: Place, user: string | undefined, plan: Plan): string {
  return sender === 'own' ? postmasterAt(plan, place) : sender.replace('USER', user ?? 'USER');
}
