/** All that is watched so that nothing is left behind. Importing this does nothing. */
import { beginFetchWatch, endFetchWatch } from './fetch_watch.js';
import { beginFileWatch, endFileWatch } from './file_watch.js';
import { own } from './hush.js';
import { endListenWatch } from './listen_watch.js';
import type { Maker } from './made.js';
import { beginPackageWatch, endPackageWatch } from './package_watch.js';
import { beginProcessWatch, endProcessWatch } from './process_watch.js';
import { beginResourceWatch, endResourceWatch, type Originals } from './resource_watch.js';
import { beginReuseWatch, endReuseWatch } from './reuse_watch.js';

/**
 * Begins to watch.
 *
 * @param maker - Whose context it is: what is made in it is booked there.
 * @param originals - Of the built-in functions that a test has replaced.
 */
export function beginLeakWatch(maker: () => Maker | undefined, originals: Originals): void {
  const test = () => {
    const current = own.making ? undefined : maker();
    return current?.isModule === true ? undefined : current;
  };
  beginResourceWatch(maker, originals);
  beginPackageWatch(maker);
  beginFetchWatch();
  beginReuseWatch(test);
  beginFileWatch(test);
  beginProcessWatch(test);
}

/** Ends what `beginLeakWatch` began. */
export function endLeakWatch(): void {
  endResourceWatch();
  endListenWatch();
  endFetchWatch();
  endPackageWatch();
  endReuseWatch();
  endFileWatch();
  endProcessWatch();
}
