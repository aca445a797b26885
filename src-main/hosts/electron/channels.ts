/** The names of the messages between preload script and main process. None carries data of the lab. */
export const requestPortChannel = 'palate:request-port'
export const portChannel = 'palate:port'
/** To the page: the id of a shortcut that was chosen in a menu. */
export const commandChannel = 'palate:command'
/** From the page: how much of the work is done. */
export const progressChannel = 'palate:progress'
