import sqlite3 from 'sqlite3'
import { toStorageError } from './storage-error.ts'

export type SqlValue = string | number | null | Uint8Array
export type SqlRow = Record<string, unknown>

declare const readable: unique symbol
declare const writable: unique symbol

/** Reads committed rows only, over a connection of its own: a long import is neither waited for nor seen half-way. */
export interface ReadableDatabase {
  readonly [readable]: true
  all<R = SqlRow>(sql: string, params?: readonly SqlValue[]): Promise<R[]>
  get<R = SqlRow>(sql: string, params?: readonly SqlValue[]): Promise<R | undefined>
}

/** The inside of a write transaction; sees its own rows. Worthless once the transaction has ended. */
export interface WriteTransaction {
  all<R = SqlRow>(sql: string, params?: readonly SqlValue[]): Promise<R[]>
  get<R = SqlRow>(sql: string, params?: readonly SqlValue[]): Promise<R | undefined>
  /** @returns how many rows changed and the rowid of the last insert */
  run(sql: string, params?: readonly SqlValue[]): Promise<{ changes: number; lastId: number }>
  /** Several statements, without parameters. */
  exec(sql: string): Promise<void>
}

/** The one writing connection. Transactions queue up: at most one runs at a time, in the order of the calls. */
export interface WritableDatabase {
  readonly [writable]: true
  /**
   * Runs `work` in one IMMEDIATE transaction: committed and durable when the promise resolves, rolled back when `work` throws.
   *
   * @throws PalateError DISK_FULL when the rows could not be written
   */
  transaction<T>(work: (tx: WriteTransaction) => Promise<T>): Promise<T>
  /** One statement in a transaction of its own. */
  run(sql: string, params?: readonly SqlValue[]): Promise<{ changes: number; lastId: number }>
}

/** A raw connection, promises around npm sqlite3's callbacks. Used by open.ts and the two views below only. */
export class Connection implements WriteTransaction {
  readonly path: string
  readonly #db: sqlite3.Database

  private constructor(path: string, db: sqlite3.Database) {
    this.path = path
    this.#db = db
    // Statements on one connection run in the order of their calls; without this they race on the thread pool.
    db.serialize()
  }

  static open(path: string, mode: 'read' | 'write'): Promise<Connection> {
    const flags = mode === 'read' ? sqlite3.OPEN_READONLY : sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE
    return new Promise((resolve, reject) => {
      const db = new sqlite3.Database(path, flags, (error) => {
        if (error) reject(toStorageError(error, path))
        else resolve(new Connection(path, db))
      })
    })
  }

  all<R = SqlRow>(sql: string, params: readonly SqlValue[] = []): Promise<R[]> {
    return new Promise((resolve, reject) => {
      this.#db.all<R>(sql, params.map(bindable), (error, rows) => {
        if (error) reject(toStorageError(error, this.path))
        else resolve(rows)
      })
    })
  }

  get<R = SqlRow>(sql: string, params: readonly SqlValue[] = []): Promise<R | undefined> {
    return new Promise((resolve, reject) => {
      this.#db.get<R>(sql, params.map(bindable), (error, row) => {
        if (error) reject(toStorageError(error, this.path))
        else resolve(row)
      })
    })
  }

  run(sql: string, params: readonly SqlValue[] = []): Promise<{ changes: number; lastId: number }> {
    return new Promise((resolve, reject) => {
      const path = this.path
      this.#db.run(sql, params.map(bindable), function (error) {
        if (error) reject(toStorageError(error, path))
        else resolve({ changes: this.changes, lastId: this.lastID })
      })
    })
  }

  exec(sql: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#db.exec(sql, (error) => {
        if (error) reject(toStorageError(error, this.path))
        else resolve()
      })
    })
  }

  /** Ends the statement that runs now with SQLITE_INTERRUPT. */
  interrupt(): void {
    this.#db.interrupt()
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#db.close((error) => {
        if (error) reject(toStorageError(error, this.path))
        else resolve()
      })
    })
  }
}

/** npm sqlite3 binds a Buffer as a BLOB and any other typed array as text. */
function bindable(value: SqlValue): string | number | null | Buffer {
  return value instanceof Uint8Array && !Buffer.isBuffer(value)
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    : value
}

export function readableOf(connection: Connection): ReadableDatabase {
  const view: Omit<ReadableDatabase, typeof readable> = {
    all: (sql, params) => connection.all(sql, params),
    get: (sql, params) => connection.get(sql, params),
  }
  return view as ReadableDatabase
}

export function writableOf(connection: Connection): WritableDatabase {
  let last: Promise<unknown> = Promise.resolve()
  const transaction = <T>(work: (tx: WriteTransaction) => Promise<T>): Promise<T> => {
    const mine = last.then(() => inTransaction(connection, work))
    last = mine.catch(() => undefined)
    return mine
  }
  const view: Omit<WritableDatabase, typeof writable> = {
    transaction,
    run: (sql, params) => transaction((tx) => tx.run(sql, params)),
  }
  return view as WritableDatabase
}

/** BEGIN IMMEDIATE, `work`, COMMIT; ROLLBACK when `work` or the commit fails. */
export async function inTransaction<T>(connection: Connection, work: (tx: WriteTransaction) => Promise<T>): Promise<T> {
  await connection.exec('BEGIN IMMEDIATE')
  try {
    const result = await work(connection)
    await connection.exec('COMMIT')
    return result
  } catch (error) {
    // A full disk has rolled back already; then there is nothing left to roll back, and the first error is the one to tell.
    await connection.exec('ROLLBACK').catch(() => undefined)
    throw error
  }
}
