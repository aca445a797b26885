import { contract } from '../../../contract/api/contract.ts'
import type { PersonaOffer } from '../../../contract/dto/persona.ts'
import { wholeNumber } from '../arguments.ts'
import { exitOk } from '../exit-codes.ts'
import { findRun } from '../find.ts'
import { withSession, type CommandContext } from '../session.ts'
import { validated } from '../validated.ts'

/** "fan", or "fan:3" for the third of its kind. */
export function personaOf(text: string): { kind: 'persona'; persona: string; seed: number } {
  const [persona = '', seed] = text.split(':', 2)
  return { kind: 'persona', persona, seed: seed === undefined ? 1 : wholeNumber('--persona', seed, 0, 1_000_000) }
}

/** The personas there are; with a run, as they are on its training ratings. */
export function livePersonasCommand(context: CommandContext, options: { readonly run?: string }): Promise<number> {
  return withSession(context, async (session) => {
    const { handlers, output } = session
    const runId = options.run === undefined ? undefined : (await findRun(session, options.run)).id
    const personas = await handlers.live.personas(await validated(contract.live.personas, { runId }), {})
    output.result({ personas }, () => personas.map(offerText).join('\n\n'))
    return exitOk
  })
}

function offerText({ id, title, about, shows, cast, unavailable }: PersonaOffer): string {
  const lines = [`${id}: ${title}`, about, `Shows: ${shows}`]
  if (cast) lines.push(cast.brief, `Favourites: ${cast.favourites.map((item) => item.title).join('; ')}`)
  if (unavailable !== null) lines.push(`Not to be had here: ${unavailable}`)
  return lines.join('\n  ')
}
