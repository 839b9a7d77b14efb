/** Runs `act` on every item, at most `width` at a time; the results are in the order of the items. */
export async function sideBySide<T, R>(
  items: readonly T[],
  width: number,
  act: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const work = async () => {
    for (let index = next++; index < items.length; index = next++)
      results[index] = await act(items[index] as T);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, work));
  return results;
}
