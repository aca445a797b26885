import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { screen, type BrowserWindow } from 'electron'
import * as z from 'zod'

const windowState = z.object({
  bounds: z.object({ x: z.int(), y: z.int(), width: z.int().min(200), height: z.int().min(200) }),
  maximized: z.boolean(),
})
export type WindowState = z.infer<typeof windowState>

/** So much of the window must be on a screen, or it could not be taken hold of. */
const visiblePx = 80

/** @returns how the window was left; undefined at the first start, or when that place is on no screen any more */
export function readWindowState(file: string): WindowState | undefined {
  try {
    const state = windowState.parse(JSON.parse(readFileSync(file, 'utf8')))
    return isOnScreen(state.bounds) ? state : undefined
  } catch {
    return undefined
  }
}

function isOnScreen({ x, y, width }: WindowState['bounds']): boolean {
  return screen.getAllDisplays().some(({ workArea }) => {
    const right = Math.min(x + width, workArea.x + workArea.width)
    return right - Math.max(x, workArea.x) >= visiblePx && y >= workArea.y && y <= workArea.y + workArea.height - visiblePx
  })
}

/** Writes down how the window is left when it closes. */
export function keepWindowState(window: BrowserWindow, file: string): void {
  window.on('close', () => {
    const state: WindowState = { bounds: window.getNormalBounds(), maximized: window.isMaximized() }
    try {
      mkdirSync(path.dirname(file), { recursive: true })
      writeFileSync(file, JSON.stringify(state))
    } catch {
      // The next window opens in the usual place.
    }
  })
}
