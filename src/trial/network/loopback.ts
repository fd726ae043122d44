/** Whether an IP number is this machine's own: 127.0.0.0/8, ::1, the same mapped, and what stands for "any address". */
export function isLoopback(address: string): boolean {
  const bare = address.toLowerCase().replace(/^\[|\]$|%.*$/g, '');
  const mapped = /^(?:::ffff:|0:0:0:0:0:ffff:)(\d+\.\d+\.\d+\.\d+)$/.exec(bare)?.[1] ?? bare;
  const { isIPv4, isIPv6 } = process.getBuiltinModule('node:net');
  // Connecting to 0.0.0.0 or :: goes to this machine.
  if (isIPv4(mapped)) return mapped.startsWith('127.') || mapped === '0.0.0.0';
  if (!isIPv6(bare)) return false;
  const compressed = new URL(`http://[${bare}]`).hostname;
  return compressed === '[::1]' || compressed === '[::]' || compressed.startsWith('[::ffff:7f');
}

/** Whether a name means this machine everywhere (RFC 6761), or does in its hosts file. */
export function isLocalName(name: string): boolean {
  const bare = name.toLowerCase().replace(/\.$/, '');
  if (bare === '' || bare === 'localhost' || bare.endsWith('.localhost')) return true;
  return hostsOfThisMachine().get(bare) === true;
}

/** Whether this machine knows a name's address by itself, wherever that is. */
export function isKnownName(name: string): boolean {
  return isLocalName(name) || hostsOfThisMachine().has(name.toLowerCase().replace(/\.$/, ''));
}

/** By name, whether it means this machine. */
let hosts: ReadonlyMap<string, boolean> | undefined;

function hostsOfThisMachine(): ReadonlyMap<string, boolean> {
  if (hosts !== undefined) return hosts;
  const found = new Map<string, boolean>();
  for (const line of hostsText().split('\n')) {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    // A name with two addresses is local if both are.
    for (const name of names) found.set(name.toLowerCase(), isLoopback(address ?? '') && found.get(name) !== false);
  }
  hosts = found;
  return hosts;
}

function hostsText(): string {
  const path = process.platform === 'win32' ? `${process.env.SystemRoot}\\System32\\drivers\\etc\\hosts` : '/etc/hosts';
  try {
    return process.getBuiltinModule('node:fs').readFileSync(path, 'utf8');
  } catch {
    // A system without the file has no names of its own.
    return '';
  }
}
