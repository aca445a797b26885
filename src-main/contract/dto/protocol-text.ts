import { parseParams, type ParamSpecs, type ParamValues } from '../params.ts'

/**
 * A protocol is written as its id, with settings that differ from its defaults after it, for instance `rerank-sequential` or
 * `online-simulated:steps=10:users=300`. The text is also the name under which its figures stand: other settings, other figures.
 */
export function protocolIdOf(text: string): string {
  return text.split(':', 1)[0]!
}

interface Known {
  readonly id: string
  readonly params?: ParamSpecs | undefined
}

/** @returns the protocol with its settings complete, or what is wrong with the text, in sentences */
export function readProtocol<P extends Known>(
  text: string,
  known: readonly P[],
): { readonly ok: true; readonly protocol: P; readonly values: ParamValues } | { readonly ok: false; readonly message: string } {
  const [id, ...settings] = text.split(':')
  const protocol = known.find((candidate) => candidate.id === id)
  if (!protocol) return { ok: false, message: `There is no protocol "${id}".` }
  const given: Record<string, string> = {}
  for (const setting of settings) {
    const equals = setting.indexOf('=')
    if (equals < 1) {
      return { ok: false, message: `"${setting}" is no setting of the protocol "${id}": write ${id}:NAME=VALUE.` }
    }
    given[setting.slice(0, equals)] = setting.slice(equals + 1)
  }
  if (settings.length > 0 && !protocol.params) return { ok: false, message: `The protocol "${id}" has no settings.` }
  const parsed = parseParams(protocol.params ?? {}, given)
  if (!parsed.ok) return { ok: false, message: `${parsed.issues.map((issue) => issue.message).join(' ')} (protocol "${id}")` }
  return { ok: true, protocol, values: parsed.values }
}
