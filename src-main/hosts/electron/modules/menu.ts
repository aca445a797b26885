import { app, Menu, type MenuItemConstructorOptions } from 'electron'
import { shortcuts } from '../../../contract/shortcuts.ts'

/**
 * The menus that people look for by keyboard, with what the window's own table of shortcuts names for them.
 *
 * @param send tells the page which shortcut was chosen
 */
export function setMenu(send: (command: string) => void): void {
  const item = ({ id, title, accelerator }: (typeof shortcuts)[number]): MenuItemConstructorOptions => ({
    label: title,
    ...(accelerator ? { accelerator } : {}),
    click: () => send(id),
  })
  const only = (...ids: string[]) => shortcuts.filter(({ id }) => ids.includes(id)).map(item)
  const mac = process.platform === 'darwin'
  const view: MenuItemConstructorOptions[] = [
    ...only('commands'),
    { type: 'separator' },
    { role: 'reload' },
    { type: 'separator' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
    ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' } as const]),
  ]
  const menus: MenuItemConstructorOptions[] = [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    { label: 'File', submenu: [...only('import'), { type: 'separator' }, mac ? { role: 'close' } : { role: 'quit' }] },
    { role: 'editMenu' },
    { label: 'Go', submenu: shortcuts.filter(({ group }) => group === 'Go to').map(item) },
    { label: 'Training', submenu: shortcuts.filter(({ group, boundBy }) => group === 'Training' && !boundBy).map(item) },
    { label: 'View', submenu: view },
    { role: 'windowMenu' },
    { role: 'help', submenu: only('shortcuts') },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(menus))
}
