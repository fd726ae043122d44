/** A page into a file. */
import { Deferred } from '../internet/deferred.js';
import { type PageOptions, request } from './request.js';

/**
 * Writes what stands at a URL into a file, piece by piece as it comes.
 *
 * The file is opened, and emptied, when a good answer has begun. When the Deferred fires, it is closed; after an error or
 * a cancel it is removed.
 *
 * @param url - With `http:`, `https:` or `data:`.
 * @param file - The path of the file.
 * @param options - As `fetch` takes them.
 * @returns A Deferred without a value. It fails as that of `getPage` does, and with the system's error when the file
 * cannot be written.
 * @see Twisted, web.client.downloadPage: there what has come of the file stays.
 */
export function downloadPage(url: string | URL, file: string | URL, options: PageOptions = {}): Deferred<void> {
  let saving: Promise<void> | undefined;
  const d = request(url, options, (response) => {
    saving = save(response, file);
    return saving;
  });
  return d.addErrback((failure) => {
    // A cancel is told at once, and the file may just be open.
    if (saving === undefined) return failure;
    const over = saving.catch(() => undefined);
    return Deferred.fromPromise(over).addCallback(() => failure);
  });
}

async function save(response: Response, file: string | URL): Promise<void> {
  const { open, rm, writeFile } = await import('node:fs/promises');
  const target = await open(file, 'w').catch(async (error: unknown) => {
    await response.body?.cancel();
    throw error;
  });
  try {
    await writeFile(target, response.body ?? []).finally(() => target.close());
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}
