/** What is said where a signal can do nothing about a test that blocks. */
export function blockedNotice(signal: NodeJS.Signals): string {
  const again = signal === 'SIGINT' ? 'Ctrl-C again stops' : `A second ${signal} stops`;
  return `\ntrial: A test blocks the event loop and cannot be ended. ${again} all.\n`;
}
