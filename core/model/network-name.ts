/** The network that a command means when it names none. Most people have one. */
export const defaultNetwork = 'isp';

/** Commands that take `--name`. */
const verbs = 'brief|capture|check|diff|down|exec|hint|reset|shell|snapshots|solve|up';
const command = new RegExp(String.raw`\bbreakwater (?:${verbs})\b(?! --name)`, 'g');

/** A text with commands to copy, so that they do on the network of that name what they say. */
export function onNetwork(name: string, text: string): string {
  return name === defaultNetwork ? text : text.replaceAll(command, (found) => `${found} --name ${name}`);
}
