import type { GraphBuilder } from '../compute/graph-builder.ts'
import type { GraphNode } from '../compute/types.ts'

/** One feedback side of a state, as graph nodes; B users, n history places, k coordinates. */
export interface SideInputs {
  /** [B, n, k]: item vectors, scaled for networks; zeros where there is no item. */
  readonly items: GraphNode
  /** [B, n]: 1 where there is an item, and at place 0 of an empty list, where the learned "empty" vector stands. */
  readonly mask: GraphNode
  /** [B, n]: 1 at place 0 of an empty list, 0 elsewhere. */
  readonly empty: GraphNode
}

export interface StateInputs {
  /** [B, k]: user vector, scaled for networks. */
  readonly user: GraphNode
  readonly positive: SideInputs
  readonly negative: SideInputs
}

export interface ActorOutputs {
  /** [B, m]: the state that the critic sees. */
  readonly state: GraphNode
  /** [B, k]: what the networks say, before the residual base (if any) is added. */
  readonly raw: GraphNode
  /** Attention weights [B, n] per side, for showing; absent without attention. */
  readonly attention: { readonly positive?: GraphNode; readonly negative?: GraphNode }
}

export interface EmbeddingOptions {
  /** Latent coordinates; the bias and popularity coordinates come on top. */
  readonly size: number
  readonly lambda: number
  readonly epochs: number
  /** "item": the item bias is one more coordinate and the user's is 1; "none": plain PMF. */
  readonly bias: 'item' | 'none'
  /** A coordinate that holds the standardised log count of training ratings; the user's is 0. */
  readonly popularity: boolean
  /** Factorisations from different random numbers whose mean predicts; their vectors stand side by side. */
  readonly restarts?: number
  /** Fold embeddings beside the reference one, each fitted without its fold; 0 for none. */
  readonly foldEmbeddings: boolean
}

/** Everything the actor-critic loop must know of a model: sizes, rules, and how its networks are drawn. */
export interface ActorCriticRecipe {
  readonly kind: 'actor-critic'
  readonly updates: number
  /** Gradient updates per environment step once learning has started, all environments' steps counted. */
  readonly updatesPerStep: number
  /** Users that act at once, in one batch. */
  readonly environments: number
  readonly embedding: EmbeddingOptions
  readonly historyLength: number
  /** Which items stand in the lists: by preference score t r (mdrr-att, section 4.3) or simply the latest. */
  readonly historyRule: 'preference' | 'latest'
  /** Which feedback the state is made of. */
  readonly feedback: 'positive' | 'negative' | 'both'
  /**
   * Whom it learns with: null, the users' logged ratings alone; otherwise users simulated from the training ratings, who also
   * answer for items that they never rated. Candidates are then a shortlist: so many items with the highest scores of the
   * embedding and as many others by chance.
   */
  readonly simulated?: { readonly simulator: string; readonly shortlist: number } | null
  /** Steps after which an episode is truncated. */
  readonly episodeLength: number
  readonly gamma: number
  readonly tau: number
  readonly batchSize: number
  readonly actorLearningRate: number
  readonly criticLearningRate: number
  readonly l2: number
  /** Largest gradient norm, actor and critic each. */
  readonly clipNorm: number
  readonly replay: { readonly capacity: number; readonly alpha: number; readonly beta: number; readonly learningStart: number }
  readonly exploration: {
    readonly kind: 'noise' | 'candidate'
    readonly epsilonStart: number
    readonly epsilonEnd: number
    /** Share of the updates over which epsilon falls linearly. */
    readonly share: number
    /** Standard deviation of the Gaussian noise, in units of the action. */
    readonly noise: number
  }
  /** "action": Q(s, a) on the continuous action; "item": Q(s, i) on item vectors with a softmax over candidates. */
  readonly judges: 'action' | 'item'
  readonly temperature: number
  /** Candidates sampled per transition for the item critic. */
  readonly candidateSample: number
  /** Updates of the critic alone before the actor starts to move. */
  readonly criticOnlyUpdates: number
  /** Added to the linear base action, scaled by c rms(u); null for a plain actor. */
  readonly residual: { readonly share: number; readonly ridge: number } | null
  readonly centreRewards: boolean
  /** Decay of the averaged actor weights that act in evaluation; 0 uses the last ones. */
  readonly averaging: number
  readonly validateEvery: number
  /** Share of the users kept from learning, on whom checkpoints are compared. */
  readonly heldOutShare: number
  /** Whether the best checkpoint on held-out users is kept; otherwise the last. */
  readonly selectCheckpoint: boolean
  /**
   * Online mode (drr-gru section III.B): within a user's list the trained networks learn on, one update after every so many
   * recommendations, and every user starts from the trained ones. null: they stay as they were trained.
   */
  readonly online: { readonly every: number } | null
  /** Draws the actor (and its state encoder); parameter names start with "actor.". k: width of the vectors. */
  actor(g: GraphBuilder, inputs: StateInputs, k: number): ActorOutputs
  /** Draws the critic: state [B, m] and items or actions [B, C, k] -> [B, C]; parameter names start with "critic.". */
  critic(g: GraphBuilder, state: GraphNode, items: GraphNode): GraphNode
}
