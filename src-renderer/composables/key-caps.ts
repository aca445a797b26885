interface KeyPart {
  readonly text: string
  /** A key, and not a word between keys. */
  readonly cap: boolean
}

/** The keys of a shortcut as they are drawn: "g d" is one after the other, "mod+k" both together, "1 … 0" a row of keys. */
export function keyCaps(keys: string, mac: boolean): KeyPart[] {
  const sequence = /^[a-z] [a-z,]$/.test(keys)
  return keys.split(' ').flatMap((part, at): KeyPart[] => {
    const lead: KeyPart[] = sequence && at > 0 ? [{ text: 'then', cap: false }] : []
    if (part === '…') return [{ text: 'to', cap: false }]
    const pressed = part.length > 1 && part.includes('+') ? part.split('+') : [part]
    return [...lead, ...pressed.map((key) => ({ text: capOf(key, pressed.length > 1, mac), cap: true }))]
  })
}

function capOf(key: string, together: boolean, mac: boolean): string {
  if (key === 'mod') return mac ? '⌘' : 'Ctrl'
  if (together) return key.length === 1 ? key.toUpperCase() : key
  return /^[A-Z]$/.test(key) && key === 'P' ? '⇧ P' : key
}

/** An accelerator of a menu, as the system's menus show it. */
export function menuCaps(accelerator: string, mac: boolean): string {
  return accelerator.replace('CmdOrCtrl', mac ? '⌘' : 'Ctrl').replace('Shift', mac ? '⇧' : 'Shift')
}
