/** The database of a workspace, in its folder. */
export const DATABASE_FILE = 'palate.sqlite'
