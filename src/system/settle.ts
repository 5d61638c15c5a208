/**
 * Waits until all have settled, even if one fails.
 * @throws the failure, or all of them as one AggregateError; one that arrived several times counts once
 */
export async function settleAll(work: Iterable<Promise<unknown> | unknown>): Promise<void> {
  const failures = new Set(await failuresOf(work));
  if (failures.size > 1) throw new AggregateError(failures, 'several things failed');
  for (const failure of failures) throw failure;
}

/** Waits until all have settled. Never rejects. @returns why some failed */
export async function failuresOf(work: Iterable<Promise<unknown> | unknown>): Promise<unknown[]> {
  const outcomes = await Promise.allSettled(work);
  return outcomes.filter(outcome => outcome.status === 'rejected').map(outcome => outcome.reason);
}
