/** Does `work` for each, whatever becomes of the others. @throws AggregateError of what failed, once all have ended */
export async function forEachRoom<Room>(rooms: readonly Room[], work: (room: Room) => Promise<void>): Promise<void> {
  const outcomes = await Promise.allSettled(rooms.map(work));
  const failures = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) throw new AggregateError(failures, `${failures.length} tenants failed`);
}
