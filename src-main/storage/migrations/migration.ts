/** One step of the schema. Steps are numbered without gaps from 1; a step that was released is never edited. */
export interface Migration {
  /** The `user_version` that the database has afterwards. */
  readonly version: number
  readonly name: string
  /** Runs inside one transaction together with the new `user_version`. */
  readonly sql: string
}
