import os from 'node:os'
import path from 'node:path'

/**
 * The workspace that every host uses unless it is told another: `$PALATE_WORKSPACE`, or `palate` in the user's data folder
 * (`$XDG_DATA_HOME` or ~/.local/share, ~/Library/Application Support, %APPDATA%). Always absolute.
 */
export function defaultWorkspaceDir(env: NodeJS.ProcessEnv = process.env, platform: string = process.platform): string {
  if (env['PALATE_WORKSPACE']) return path.resolve(env['PALATE_WORKSPACE'])
  const home = os.homedir()
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'palate')
  if (platform === 'win32') return path.join(env['APPDATA'] ?? path.join(home, 'AppData', 'Roaming'), 'palate')
  const data = env['XDG_DATA_HOME']
  return path.join(data && path.isAbsolute(data) ? data : path.join(home, '.local', 'share'), 'palate')
}
