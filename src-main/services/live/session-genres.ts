import type { GenreMove, LiveGenres, LiveSetup } from '../../contract/dto/live.ts'
import type { LiveProcess } from './live-process.ts'
import { replyOf } from './live-processes.ts'

/** What a session's own process says of its genres, and after which answers. */
interface Asked {
  readonly answers: { readonly length: number }
  readonly moves: readonly GenreMove[] | null
}

/**
 * The moves of a session's genres beside those of the control: the same answers, with a vector that stays and weights that don't learn.
 *
 * @param open gives a process that has played these answers under another setup; it is closed here
 */
export async function besideControl(
  setup: LiveSetup,
  { answers, moves }: Asked,
  open: (setup: LiveSetup) => Promise<LiveProcess>,
): Promise<LiveGenres> {
  if (!moves) return { answers: answers.length, moves: null }
  const still = heldStill(setup)
  const control = still ? await movesIn(await open(still)) : moves
  const changes = new Map(control.map(({ genre, before, after }) => [genre, after - before]))
  return { answers: answers.length, moves: moves.map((move) => ({ ...move, held: changes.get(move.genre)! })) }
}

async function movesIn(process: LiveProcess): Promise<readonly GenreMove[]> {
  try {
    return replyOf(await process.ask({ ask: 'genres' }), 'genres').moves ?? []
  } finally {
    await process.close()
  }
}

/** null where nothing follows and nothing learns: such a session is its own control. */
function heldStill(setup: LiveSetup): LiveSetup | null {
  if (!setup.learning && setup.userVector !== 'follows') return null
  // Of a newcomer nothing was trained: what stays is what the favourites made.
  const stays = setup.viewer.kind === 'user' ? 'fixed' : 'initial'
  return { ...setup, learning: null, userVector: setup.userVector === 'follows' ? stays : setup.userVector }
}
