/**
 * An entry is called by its id. One that was claimed after its subscription was moved has the number of moves behind it, so
 * that it is not taken for the one that was claimed before.
 */
const MOVES_BEGIN = "@";

/** What an entry is called that was claimed when its subscription had been moved so often. */
export function refOf(id: string, moves: number): string {
  return moves === 0 ? id : `${id}${MOVES_BEGIN}${moves}`;
}

/** What Redis calls the entry. */
export function idOf(ref: string): string {
  const end = ref.indexOf(MOVES_BEGIN);
  return end === -1 ? ref : ref.slice(0, end);
}

/** Under which number of moves it was claimed. */
export function movesOf(ref: string): number {
  const end = ref.indexOf(MOVES_BEGIN);
  return end === -1 ? 0 : Number(ref.slice(end + 1));
}

/** Parts of which each was claimed under one number of moves, by that. Nearly always there is one part. */
export function byMoves<Named extends { readonly ref: string }>(
  named: readonly Named[],
): ReadonlyMap<number, readonly Named[]> {
  return Map.groupBy(named, ({ ref }) => movesOf(ref));
}
