import { describeFullTables } from '../support/full-tables.ts'

describeFullTables('amazon/Musical_Instruments.zip', 'a scale of five stars, seven ratings a user')
describeFullTables('book-crossing', 'a scale to ten, four ratings a user')
describeFullTables('book-crossing/raw-format', 'implicit zeros, kept as neutral')
