import { answerCalls, Broken } from '../../src-main/services/compute/answer-calls.ts'

/** A thread that does what it is called: echo, refuse, break, end, or stay silent. */
await answerCalls(
  () => Promise.resolve({ about: 'a thread for tests' }),
  (_service, body) => {
    switch (body) {
      case 'refuse':
        return Promise.reject(new Error('no such thing'))
      case 'break':
        return Promise.reject(new Broken('it is beyond repair'))
      case 'end':
        return process.exit(3)
      case 'be silent':
        return new Promise(() => undefined)
      default:
        return Promise.resolve(body)
    }
  },
)
