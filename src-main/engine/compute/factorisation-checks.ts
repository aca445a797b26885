import type { MfProblem, SvdppProblem } from './factorisation.types.ts'
import { GraphError } from './types.ts'

/** The checks that every executor owes to who calls `mfEpoch`. @throws GraphError */
export function checkMf(problem: MfProblem): void {
  checkShared('mfEpoch', problem)
  checkLength('mfEpoch', 'userIds', problem.userIds, problem.ratings.length)
  checkIds('mfEpoch', 'user', problem.userIds, problem.users.length / problem.size)
}

/** The checks that every executor owes to who calls `svdppEpoch`. @throws GraphError */
export function checkSvdpp(problem: SvdppProblem): void {
  checkShared('svdppEpoch', problem)
  checkLength('svdppEpoch', 'implicit', problem.implicit, problem.items.length)
  checkLength('svdppEpoch', 'userStart', problem.userStart, problem.users.length / problem.size + 1)
  checkStarts(problem.userStart, problem.ratings.length)
}

/** All that both epochs read alike. */
function checkShared(epoch: string, problem: Omit<MfProblem, 'userIds'>): void {
  const { size, users, items, userBias, itemBias, itemIds, ratings } = problem
  if (!Number.isInteger(size) || size < 1) {
    throw new GraphError(`${epoch}: the size must be a whole number from 1 on, not ${size}.`)
  }
  checkRows(epoch, 'users', users, size)
  checkRows(epoch, 'items', items, size)
  if (userBias !== null) checkLength(epoch, 'userBias', userBias, users.length / size)
  if (itemBias !== null) checkLength(epoch, 'itemBias', itemBias, items.length / size)
  checkLength(epoch, 'itemIds', itemIds, ratings.length)
  checkIds(epoch, 'item', itemIds, items.length / size)
}

function checkRows(epoch: string, name: string, values: Float32Array, size: number): void {
  if (values.length % size === 0) return
  throw new GraphError(`${epoch}: "${name}" has ${values.length} values, which are no whole rows of ${size}.`)
}

function checkLength(epoch: string, name: string, values: Float32Array | Int32Array, length: number): void {
  if (values.length === length) return
  throw new GraphError(`${epoch}: "${name}" has ${values.length} values and should have ${length}.`)
}

function checkIds(epoch: string, what: string, ids: Int32Array, bound: number): void {
  for (let index = 0; index < ids.length; index++) {
    const id = ids[index]!
    if (id >= 0 && id < bound) continue
    throw new GraphError(`${epoch} was given the ${what} ${id} at position ${index}; allowed are 0 to ${bound - 1}.`)
  }
}

function checkStarts(userStart: Int32Array, ratingCount: number): void {
  for (let user = 0; user < userStart.length; user++) {
    const start = userStart[user]!
    const least = user === 0 ? 0 : userStart[user - 1]!
    const most = user === 0 ? 0 : ratingCount
    if (start >= least && start <= most) continue
    throw new GraphError(
      `svdppEpoch was given the start ${start} at position ${user} of "userStart"; allowed are ${least} to ${most}.`,
    )
  }
  const last = userStart[userStart.length - 1]!
  if (last === ratingCount) return
  throw new GraphError(`svdppEpoch: "userStart" ends at ${last}, but there are ${ratingCount} ratings.`)
}
