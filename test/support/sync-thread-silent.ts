/** A thread that neither gets ready nor ends, for five seconds. */
setTimeout(() => undefined, 5000)
