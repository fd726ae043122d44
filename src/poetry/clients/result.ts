/**
 * What each of the clients in this folder brings, each in a style of its own: the poems of the servers, in their order,
 * in lower case; undefined for one that could not be had.
 */
export type Poems = readonly (string | undefined)[];
