/**
 * Leaves out of a list whatever can be: what is left still passes `isEnough`, in the same order, and without any one part
 * of it no longer. Where a single item is enough, that takes about twice as many questions as the list can be halved.
 *
 * @param list - Is enough as a whole.
 * @see Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input: ddmin
 */
export async function reduce<Item>(
  list: readonly Item[],
  isEnough: (part: readonly Item[]) => Promise<boolean>,
): Promise<readonly Item[]> {
  let left = list;
  for (let parts = 2; left.length > 1; ) {
    const chunks = split(left, parts);
    const chunk = await lastThat(chunks, isEnough);
    if (chunk !== undefined) {
      left = chunk;
      parts = 2;
      continue;
    }
    // Of two halves each is what the other one leaves.
    const complement = parts === 2 ? undefined : await lastThat(complements(chunks), isEnough);
    if (complement !== undefined) {
      left = complement;
      parts = Math.max(2, parts - 1);
    } else if (parts >= left.length) break;
    else parts = Math.min(left.length, parts * 2);
  }
  return left;
}

function split<Item>(list: readonly Item[], parts: number): (readonly Item[])[] {
  const count = Math.min(parts, list.length);
  return Array.from({ length: count }, (_, n) =>
    list.slice(Math.floor((n * list.length) / count), Math.floor(((n + 1) * list.length) / count)),
  );
}

function complements<Item>(chunks: readonly (readonly Item[])[]): (readonly Item[])[] {
  return chunks.map((left) => chunks.filter((chunk) => chunk !== left).flat());
}

/** The last is asked first: what is nearest is the likeliest. */
async function lastThat<Item>(
  candidates: readonly (readonly Item[])[],
  isEnough: (part: readonly Item[]) => Promise<boolean>,
): Promise<readonly Item[] | undefined> {
  for (const candidate of candidates.toReversed()) if (await isEnough(candidate)) return candidate;
  return undefined;
}
