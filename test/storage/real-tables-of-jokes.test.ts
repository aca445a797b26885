import { describeFullTables } from '../support/full-tables.ts'

// In a file of its own: it takes as long as all others together, which run beside it.
describeFullTables('jester/jester-data-1.zip', 'a scale from -10 to 10, a hundred items')
