/** What a command was asked for cannot be done: one line for the user, exit status 2. */
export class Mistake extends Error {}
