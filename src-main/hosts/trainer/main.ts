import { engineBackend } from '../../services/trainer/engine-backend.ts'
import { runTrainer } from '../../services/trainer/run-trainer.ts'

runTrainer(engineBackend)
