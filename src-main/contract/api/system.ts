import * as z from 'zod'
import { doctorCheck, settings, systemInfo } from '../dto/system.ts'
import { procedure } from './base.ts'

export const systemApi = {
  info: procedure.output(systemInfo),
  doctor: procedure.output(z.array(doctorCheck)),
  getSettings: procedure.output(settings),
  setSettings: procedure.input(settings.partial()).output(settings),
}
