import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';

/**
 * Profiles the process from now on.
 *
 * @returns Ends that, and writes the profile to a file that Chrome's and VS Code's tools open.
 */
export function startProfile(): (file: string) => void {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.start');
  return (file) => {
    // A session in one's own thread answers before it returns.
    session.post('Profiler.stop', (error, result) => {
      if (error) throw error;
      writeFileSync(file, JSON.stringify(result.profile));
    });
    session.disconnect();
  };
}
