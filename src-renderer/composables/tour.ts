import { computed, ref } from 'vue'
import { isFlag, useStored } from './use-stored.ts'

export interface TourStep {
  readonly title: string
  readonly text: string
  /** The page that the step is about. */
  readonly path: string
  /** What on that page is marked. */
  readonly mark: string
  /** Made on the way to the next step. */
  readonly makesLab?: boolean
}

export const tourSteps: readonly TourStep[] = [
  {
    title: 'A small world to try things on',
    text: 'The sample lab has 300 people, 400 films and 20,000 ratings with hidden tastes. “Next” makes it, which takes two seconds.',
    path: '/',
    mark: 'nav[aria-label="Main"] a[href="#/datasets"]',
    makesLab: true,
  },
  {
    title: 'Set up a run',
    text: 'Data set, model, seeds and every setting stand in this form, filled in to begin with. “Start training” queues one run per seed.',
    path: '/train',
    mark: 'form[aria-label="New run"]',
  },
  {
    title: 'Watch it learn',
    text: 'The queue, the curves with the floors as dotted lines, and the log. Pause, stop and reorder at any time; nothing is lost on a crash.',
    path: '/train',
    mark: '[aria-label="Queue and curves"]',
  },
  {
    title: 'See where it stands',
    text: 'Every run is kept with its figures and intervals. Select some to compare them with paired tests, or export them.',
    path: '/runs',
    mark: 'nav[aria-label="Main"] a[href="#/runs"]',
  },
  {
    title: 'Play with it',
    text: 'In a live session a trained policy recommends to you, and follows every like and dislike at once. Ctrl+K finds everything, also this tour.',
    path: '/live',
    mark: 'nav[aria-label="Main"] a[href="#/live"]',
  },
]

const at = ref(-1)
const seen = useStored('tour-seen', false, isFlag)

/** The one tour of the window: offered until it was taken or skipped, and again from the commands. */
export function useTour() {
  return {
    at,
    step: computed(() => tourSteps[at.value]),
    offered: computed(() => !seen.value && at.value < 0),
    start: () => void (at.value = 0),
    next: () => void (at.value = at.value + 1 < tourSteps.length ? at.value + 1 : -1),
    back: () => void (at.value = Math.max(0, at.value - 1)),
    end: () => {
      at.value = -1
      seen.value = true
    },
  }
}
