import { ipcMain, type IpcMainEvent, type WebFrameMain } from 'electron'
import type * as z from 'zod'
import { appOrigin } from './app-origin.ts'

/**
 * Listens on one IPC channel. A message reaches `run` only when it comes from the main frame of one of our windows, that
 * frame shows our own page, and its arguments fit `schema`; anything else is dropped without an answer.
 *
 * @param schema of the list of arguments
 */
export function onMessage<S extends z.ZodType>(
  channel: string,
  schema: S,
  run: (frame: WebFrameMain, args: z.infer<S>) => void,
): void {
  ipcMain.on(channel, (event, ...args: unknown[]) => {
    const frame = trustedFrame(event)
    const parsed = schema.safeParse(args)
    if (frame && parsed.success) run(frame, parsed.data)
  })
}

function trustedFrame(event: IpcMainEvent): WebFrameMain | undefined {
  const frame = event.senderFrame
  // Null when the frame has navigated away or is gone since it sent.
  if (!frame || frame.parent !== null || frame !== event.sender.mainFrame) return undefined
  return frame.origin === appOrigin ? frame : undefined
}
