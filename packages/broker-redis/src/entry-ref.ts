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
  const first = named[0] === undefined ? 0 : movesOf(named[0].ref);
  if (named.every(({ ref }) => movesOf(ref) === first)) return new Map([[first, named]]);
  const parts = new Map<number, Named[]>();
  for (const one of named) {
    const moves = movesOf(one.ref);
    const part = parts.get(moves);
    if (part === undefined) parts.set(moves, [one]);
    else part.push(one);
  }
  return parts;
}
