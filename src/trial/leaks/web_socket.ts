/** WebSockets over a socket: once asked to close, they wait for the other side to answer. */

/** The part of a WebSocket, Node's own, undici's or that of the package ws, that is used here. */
export interface WebSocketLike {
  readonly readyState: number;
}

const CLOSING = 2;

/** Whether it was asked to close, by either side. */
export function isClosing(webSocket: WebSocketLike | undefined): boolean {
  return webSocket !== undefined && webSocket.readyState >= CLOSING;
}

/** The WebSocket that the package ws, or undici before its 7th version, has put on its socket. */
export function webSocketOn(socket: object): WebSocketLike | undefined {
  const symbol = Object.getOwnPropertySymbols(socket).find(({ description }) => description === 'websocket');
  const found: unknown = Reflect.get(socket, symbol ?? 'ws');
  return isWebSocket(found) ? found : undefined;
}

function isWebSocket(value: unknown): value is WebSocketLike {
  if (typeof value !== 'object' || value === null || !('close' in value)) return false;
  return 'readyState' in value && typeof value.readyState === 'number';
}
