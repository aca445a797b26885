import { float, int } from '../../contract/params.ts'

/** Of the factorisation that a simulator learns for itself; the protocol "online-simulated" sets it for whichever answers. */
export const factorisationParams = {
  size: int({ default: 16, min: 1, max: 256, symbol: 'k', doc: 'Latent coordinates of the factorisation that predicts.' }),
  lambda: float({ default: 16, min: 0.01, max: 1000, scale: 'log', symbol: 'λ', doc: 'Its ridge, in units of ratings.' }),
  epochs: int({ default: 12, min: 1, max: 500, doc: 'Its passes over users and items.' }),
}
