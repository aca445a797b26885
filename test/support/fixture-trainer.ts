/** A trainer process that runs the fixture's job: everything around the engine is the product's own. */
import { runTrainer } from '../../src-main/services/trainer/run-trainer.ts'
import { fixtureBackend } from './fixture-job.ts'

runTrainer(fixtureBackend)
