import { text } from 'node:stream/consumers';
import { keyBelow } from './address.js';
import { openStore } from './open-store.js';

/** The text of a small object; undefined where it does not exist. */
export async function readSmall(
  destination: string,
  name: string,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const { store, key: prefix } = await openStore(destination);
  const key = keyBelow(prefix, name);
  const found = await store.head(key, signal);
  if (!found || found.bytes > maxBytes) return undefined;
  const pieces: Buffer[] = [];
  for await (const piece of await store.get(key, { signal })) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}

/** Whether an object of this name exists. */
export async function existsSmall(destination: string, name: string): Promise<boolean> {
  const { store, key: prefix } = await openStore(destination);
  return (await store.head(keyBelow(prefix, name))) !== undefined;
}

/** The first bytes of an object as text; undefined where it does not exist. */
export async function startOfSmall(destination: string, name: string, bytes: number): Promise<string | undefined> {
  const { store, key: prefix } = await openStore(destination);
  const key = keyBelow(prefix, name);
  const found = await store.head(key);
  if (!found || found.bytes === 0) return found && ''; // No range fits an empty object.
  return text(await store.get(key, { to: bytes - 1 }));
}

/** Puts a small file beside the results: a failure, the report of a command. */
export async function putSmall(destination: string, name: string, text: string): Promise<void> {
  const { store, key: prefix } = await openStore(destination);
  await store.put(keyBelow(prefix, name), { text });
}

export async function removeSmall(destination: string, name: string): Promise<void> {
  const { store, key: prefix } = await openStore(destination);
  await store.remove(keyBelow(prefix, name));
}
