/**
 * How many connections may wait for a port to take them in, unless it is told.
 *
 * Twisted's 50 are soon too few here: it takes in hundreds a turn, Node one. Most systems allow no more than this.
 */
export const BACKLOG = 4096;
