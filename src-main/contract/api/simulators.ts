import * as z from 'zod'
import { simulatorDescriptor, simulatorReport } from '../dto/simulator.ts'
import { splitText } from '../dto/split.ts'
import { procedure } from './base.ts'

export const simulatorsApi = {
  list: procedure.output(z.array(simulatorDescriptor)),
  /** Calibration, saturation and what floors and oracle earn. Trains what it needs and stores nothing; takes a while. */
  report: procedure
    .input(
      z.object({
        dataset: z.union([z.int(), z.string()]),
        split: splitText.default('random:0.8'),
        /** Of a random split whose text names none, and of the floors. */
        seed: z
          .int()
          .min(0)
          .max(2 ** 31 - 1)
          .default(1),
        /** What differs from the settings of the protocol "online-simulated". */
        settings: z.record(z.string(), z.unknown()).default({}),
      }),
    )
    .output(simulatorReport),
}
