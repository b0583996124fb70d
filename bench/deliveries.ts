import { createHmac } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { APP, PORTAL_ID } from './hubspot-account.ts';

/** A request as bytes, signed as HubSpot signs it: made before the clock starts, so that only the service is measured. */
export function signedDelivery(publicUrl: string, events: readonly unknown[]): Buffer {
  const body = Buffer.from(JSON.stringify(events));
  const timestamp = String(Date.now());
  const url = `${publicUrl}/hubspot/webhooks`;
  const signature = createHmac('sha256', APP.clientSecret)
    .update(`POST${url}`)
    .update(body)
    .update(timestamp)
    .digest('base64');
  const head = [
    'POST /hubspot/webhooks HTTP/1.1',
    `Host: ${new URL(publicUrl).host}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    `X-HubSpot-Signature-v3: ${signature}`,
    `X-HubSpot-Request-Timestamp: ${timestamp}`,
    '',
    '',
  ].join('\r\n');
  return Buffer.concat([Buffer.from(head), body]);
}

let nextEventId = 1;

/** A change as HubSpot reports it, of a record of its own. */
export function changeEvent(objectId: number): unknown {
  nextEventId += 1;
  return {
    eventId: nextEventId,
    subscriptionId: 26,
    portalId: PORTAL_ID,
    appId: APP.appId,
    occurredAt: Date.now(),
    subscriptionType: 'object.propertyChange',
    attemptNumber: 0,
    objectId,
    objectTypeId: '0-1',
    propertyName: 'lifecyclestage',
    propertyValue: 'customer',
    changeSource: 'CRM_UI',
    sourceId: 'userId:123',
    isSensitive: false,
  };
}

/**
 * Sends each request once over `connections` keep-alive connections, the next one when the last was answered.
 * @returns seconds from the first byte to the last answer.
 */
export async function sendAll(publicUrl: string, requests: readonly Buffer[], connections: number): Promise<number> {
  const { hostname, port } = new URL(publicUrl);
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(hostname, Number(port))));
  let next = 0;
  const startedAt = performance.now();
  await Promise.all(
    sockets.map(async (socket) => {
      for (let request = requests[next++]; request; request = requests[next++]) await exchange(socket, request);
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  for (const socket of sockets) socket.destroy();
  return seconds;
}

function open(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true }, () => resolve(socket));
    socket.once('error', reject);
  });
}

function exchange(socket: Socket, request: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    const onData = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      const headEnd = text.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (text.length < headEnd + 4 + length) return;
      socket.off('data', onData);
      if (text.startsWith('HTTP/1.1 200')) resolve();
      else reject(new Error(text.slice(0, 300)));
    };
    socket.on('data', onData);
    socket.write(request);
  });
}
