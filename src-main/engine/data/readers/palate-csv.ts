import { findExchange, readExchange, recogniseExchange, SIDECAR_NAME } from '../reading/exchange.ts'
import { missingRatings } from '../reading/movielens.ts'
import { defineReader, NOT_RECOGNISED } from '../reading/reader.ts'

export default defineReader({
  id: 'palate-csv',
  title: 'CSV exported by Palate',
  doc: `A folder or zip that Palate exported: ratings.csv, items.csv and users.csv with ${SIDECAR_NAME} beside them, which keeps scale, thresholds and the kind of times. It comes back as the same data set.`,
  overridable: ['file'],

  async recognise(source, settings) {
    const found = await findExchange(source, 'csv', settings.file)
    return found ? recogniseExchange(found, settings) : NOT_RECOGNISED
  },

  async read(source, options, sink) {
    const found = await findExchange(source, 'csv', options.settings.file)
    if (!found) throw missingRatings(source, `${SIDECAR_NAME} with its three tables`, 'palate-csv')
    return readExchange(found, options, sink)
  },
})
