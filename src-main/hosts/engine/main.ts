/** The one process that owns the workspace: Electron's utility process, or a plain Node process of the web host. */
import { createServices } from '../../services/create-services.ts'
import { runEngineProcess } from './process.ts'

runEngineProcess((options, reopen) => createServices({ ...options, reopen }))
