/** Where an end of a connection is. */

/**
 * An end of a connection, or a port, at an IPv4 address.
 *
 * @see Twisted, address.IPv4Address
 */
export class IPv4Address {
  /** Of what it is an address. */
  readonly type: 'TCP' | 'UDP';
  /** The dotted number; for where a connector goes to, the host as it was given. */
  readonly host: string;
  /** 0 to 65535. */
  readonly port: number;

  constructor(type: 'TCP' | 'UDP', host: string, port: number) {
    this.type = type;
    this.host = host;
    this.port = port;
  }

  /** `127.0.0.1:10000` */
  toString(): string {
    return `${this.host}:${this.port}`;
  }
}

/**
 * An end of a connection, or a port, at an IPv6 address.
 *
 * @see Twisted, address.IPv6Address
 */
export class IPv6Address {
  /** Of what it is an address. */
  readonly type: 'TCP' | 'UDP';
  /** The address without brackets, with its zone if it has one: `fe80::1%eth0`. */
  readonly host: string;
  /** 0 to 65535. */
  readonly port: number;

  constructor(type: 'TCP' | 'UDP', host: string, port: number) {
    this.type = type;
    this.host = host;
    this.port = port;
  }

  /** `[::1]:10000` */
  toString(): string {
    return `[${this.host}]:${this.port}`;
  }
}

/**
 * A UNIX socket.
 *
 * @see Twisted, address.UNIXAddress
 */
export class UNIXAddress {
  /** The path of the socket; `''` for an end that has no name, as clients' ends. */
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  /** `unix:/run/poetry.sock` */
  toString(): string {
    return `unix:${this.name}`;
  }
}

/** An end of a TCP connection, or a UDP port. */
export type InternetAddress = IPv4Address | IPv6Address;

/** An end of a stream connection. */
export type Address = InternetAddress | UNIXAddress;

/** The address of `host`, an IP number or a name. */
export function internetAddress(type: 'TCP' | 'UDP', host: string, port: number): InternetAddress {
  return host.includes(':') ? new IPv6Address(type, host, port) : new IPv4Address(type, host, port);
}
