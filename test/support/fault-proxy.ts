import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

/** What to do with a request; undefined: let it pass. */
type Fault =
  | { readonly status: number; readonly code: string }
  /** The connection breaks after this many bytes of the answer. */
  | { readonly cutAfter: number }
  /** The server does not see these headers, as if it did not know them; the connection may break as well. */
  | { readonly without: readonly string[]; readonly cutAfter?: number }
  /** The connection breaks before the server sees the request. */
  | { readonly drop: true };

/** A request that came by. */
interface Passed {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** Of the answer, once it has come. */
  status?: number;
}

/** Stands between a client and a server, and breaks what a test wants broken. */
export interface FaultProxy {
  readonly endpoint: string;
  readonly passed: Passed[];
  /** Asked of each request; it may wait. */
  fault: (request: Passed) => Fault | undefined | Promise<Fault | undefined>;
}

/** A proxy before a server, closed at the end of the test file. */
export async function startProxy(target: string): Promise<FaultProxy> {
  const passed: Passed[] = [];
  const proxy = { endpoint: '', passed, fault: (() => undefined) as FaultProxy['fault'] };
  const server = createServer((incoming, answer) => {
    const { method = '', url: path = '', headers } = incoming;
    const one: Passed = { method, path, headers };
    passed.push(one);
    void Promise.resolve(proxy.fault(one)).then(fault => handle(target, incoming, answer, fault, one));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  proxy.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return proxy;
}

function handle(
  target: string,
  incoming: IncomingMessage,
  answer: ServerResponse,
  fault: Fault | undefined,
  one: Passed,
): void {
  if (fault && 'drop' in fault) {
    incoming.socket.destroy();
    return;
  }
  if (fault && 'status' in fault) {
    incoming.resume().on('end', () => {
      answer.writeHead(fault.status, { 'content-type': 'application/xml' });
      const body = `<?xml version="1.0"?><Error><Code>${fault.code}</Code><Message>${fault.code}</Message></Error>`;
      answer.end(incoming.method === 'HEAD' ? undefined : body);
    });
    return;
  }
  const { method, url } = incoming;
  const headers = { ...incoming.headers };
  for (const name of fault && 'without' in fault ? fault.without : []) delete headers[name];
  const cutAfter = fault && 'cutAfter' in fault ? fault.cutAfter : undefined;
  const forwarded = send(new URL(url ?? '/', target), { method, headers }, response => {
    if (response.statusCode !== undefined) one.status = response.statusCode;
    answer.writeHead(response.statusCode ?? 500, response.headers);
    if (cutAfter === undefined) response.pipe(answer);
    else cut(response, answer, cutAfter);
  });
  forwarded.on('error', () => answer.destroy());
  incoming.pipe(forwarded);
}

function cut(response: IncomingMessage, answer: ServerResponse, bytes: number): void {
  let left = bytes;
  if (left === 0) answer.destroy();
  response.on('data', (chunk: Buffer) => {
    if (left <= 0) return;
    const piece = chunk.subarray(0, left);
    left -= piece.length;
    // Its last byte has to leave before the connection breaks.
    answer.write(piece, () => left <= 0 && answer.destroy());
  });
}
