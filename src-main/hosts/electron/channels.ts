/** The names of the messages between preload script and main process. There are two, and neither carries data. */
export const requestPortChannel = 'palate:request-port'
export const portChannel = 'palate:port'
