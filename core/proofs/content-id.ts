import { createHash } from 'node:crypto';

/** Stands for a content: equal contents have equal ids, on every computer. Values as JSON has them, bytes as they are. */
export function contentId(content: unknown): string {
  const bytes = content instanceof Uint8Array ? content : JSON.stringify(content);
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}
