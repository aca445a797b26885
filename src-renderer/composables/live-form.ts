import type { LiveSetup } from '../../src-main/contract/dto/live.ts'
import type { RunSummary } from '../../src-main/contract/dto/run.ts'
import type { TraitValues } from './virtual-user.ts'

export type ViewerChoice = 'cold' | 'favourites' | 'user' | 'persona' | 'virtual'

/** Something that was found and picked: an item or a user of the data set. */
export interface Picked {
  readonly value: number
  readonly label: string
  readonly note: string
}

/** The opening form as it stands; numbers are text while they are typed. */
export interface LiveForm {
  runId: number | undefined
  viewer: ViewerChoice
  favourites: readonly Picked[]
  user: Picked | undefined
  userVector: 'fixed' | 'follows'
  guestVector: 'follows' | 'initial'
  persona: string | undefined
  personaSeed: string
  virtualSeed: string
  traits: TraitValues
  learns: boolean
  updates: string
  rate: string
  slate: string
  exploration: string
  seed: string
  name: string
}

export const newLiveForm = (): LiveForm => ({
  runId: undefined,
  viewer: 'cold',
  favourites: [],
  user: undefined,
  userVector: 'fixed',
  guestVector: 'follows',
  persona: undefined,
  personaSeed: '1',
  virtualSeed: '1',
  traits: {},
  learns: false,
  updates: '10',
  rate: '1',
  slate: '1',
  exploration: '0',
  seed: '1',
  name: '',
})

/** Most favourites that a guest may name. */
export const mostFavourites = 50

/** Whether a field's text is a whole number of the range. */
export const whole = (text: string, min: number, max: number) =>
  /^\d+$/.test(text.trim()) && Number(text) >= min && Number(text) <= max

/** Messages by field; empty when a session can be opened. */
export function liveFormProblems(form: LiveForm): Record<string, string> {
  const found: Record<string, string> = {}
  if (form.runId === undefined) found['run'] = 'Choose a trained run.'
  if (form.viewer === 'user' && !form.user) found['user'] = 'Choose a user.'
  if (form.viewer === 'favourites' && form.favourites.length === 0) found['favourites'] = 'Pick at least one, or start cold.'
  if (form.viewer === 'persona') {
    if (form.persona === undefined) found['persona'] = 'Choose a persona.'
    if (!whole(form.personaSeed, 0, 1_000_000)) found['personaSeed'] = 'A whole number from 0 to 1,000,000.'
  }
  if (form.viewer === 'virtual' && !whole(form.virtualSeed, 0, 1_000_000))
    found['virtual'] = 'A whole number from 0 to 1,000,000.'
  if (form.learns) {
    if (!whole(form.updates, 1, 100)) found['updates'] = 'A whole number from 1 to 100.'
    const rate = Number(form.rate)
    if (form.rate.trim() === '' || !(rate >= 0.01 && rate <= 100)) found['rate'] = 'A number from 0.01 to 100.'
  }
  if (!whole(form.slate, 1, 20)) found['slate'] = 'A whole number from 1 to 20.'
  if (form.exploration.trim() === '' || !(Number(form.exploration) >= 0 && Number(form.exploration) <= 1))
    found['exploration'] = 'A number from 0 to 1.'
  if (!whole(form.seed, 0, Number.MAX_SAFE_INTEGER)) found['seed'] = 'A whole number from 0 on.'
  return found
}

function viewerOf(form: LiveForm): LiveSetup['viewer'] {
  if (form.viewer === 'user' && form.user) return { kind: 'user', userIndex: form.user.value }
  if (form.viewer === 'persona' && form.persona !== undefined)
    return { kind: 'persona', persona: form.persona, seed: Number(form.personaSeed) }
  if (form.viewer === 'virtual') return { kind: 'virtual', seed: Number(form.virtualSeed), settings: { ...form.traits } }
  return { kind: 'guest', favourites: form.viewer === 'favourites' ? form.favourites.map(({ value }) => value) : [] }
}

/** What `live.open` is given. Call it only when there are no problems. */
export function liveSetupOf(form: LiveForm): LiveSetup {
  const viewer = viewerOf(form)
  return {
    viewer,
    userVector: viewer.kind === 'user' ? form.userVector : viewer.kind === 'virtual' ? 'follows' : form.guestVector,
    learning: form.learns ? { updatesPerAnswer: Number(form.updates), rateFactor: Number(form.rate) } : null,
    slate: Number(form.slate),
    ...(Number(form.exploration) > 0 ? { exploration: Number(form.exploration) } : {}),
    seed: Number(form.seed),
  }
}

/** The name that a session gets when none is typed; undefined leaves it to the engine. */
export function liveNameOf(form: LiveForm, run: Pick<RunSummary, 'name'> | undefined): string | undefined {
  const typed = form.name.trim()
  if (typed) return typed
  return form.viewer === 'user' && form.user && run ? `${run.name}, user ${form.user.label}`.slice(0, 200) : undefined
}

/** A run that was trained to some end can be played with. */
export function isPlayable({ state }: Pick<RunSummary, 'state'>): boolean {
  return state === 'finished' || state === 'stopped'
}
